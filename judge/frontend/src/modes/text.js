// For a language that names no mode of its own.
export const mode = () => [];

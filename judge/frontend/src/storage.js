// The browser's storage, which may be full or forbidden: what isn't kept is then missing, and nothing else is lost.
export function remember(key, text, storage = "localStorage") {
  attempt(() => window[storage].setItem(key, text));
}

export function recall(key, storage = "localStorage") {
  return attempt(() => window[storage].getItem(key)) ?? "";
}

export function forget(key) {
  attempt(() => window.localStorage.removeItem(key));
}

function attempt(act) {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}

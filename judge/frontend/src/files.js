// Files: opened or dropped into the editor, downloaded from it; and the program to begin with.
export function files(pad) {
  const { form, languages } = pad;
  const input = form.querySelector("[data-open-file]");
  const ending = (name) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();

  async function open(file) {
    // Longer in bytes than it may be: not even read.
    if (file.size > Number(form.dataset.maxBytes)) return pad.complain(form.dataset.tooLong);
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return pad.complain(form.dataset.notText);
    }
    if (text.includes("\0")) return pad.complain(form.dataset.notText);
    const fitting = Object.keys(languages).filter((key) => ending(languages[key].file) === ending(file.name));
    if (fitting.length && !fitting.includes(pad.language())) pad.choose(fitting.at(-1));
    pad.replace(text.replaceAll("\r\n", "\n"));
    pad.focus();
  }

  input.addEventListener("change", () => {
    if (input.files[0]) open(input.files[0]);
    input.value = "";
  });
  form.querySelector("[data-download]").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([pad.text()], { type: "text/plain" }));
    link.download = `${form.dataset.problem}.${ending(languages[pad.language()].file)}`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  form.querySelector("[data-reset]").addEventListener("click", () => {
    pad.replace(pad.template());
    pad.focus();
  });

  return {
    // True where the editor is to leave the drop to us.
    dropped(event) {
      const file = event.dataTransfer?.files[0];
      if (!file) return false;
      event.preventDefault();
      open(file);
      return true;
    },
  };
}

// A list of which two may be chosen: the third takes the oldest choice's place, and the button shows when there are two.
for (const form of document.querySelectorAll("[data-two]")) {
  const button = form.querySelector("[data-two-button]");
  let chosen = [...form.querySelectorAll("input[type=checkbox]:checked")];
  const show = () => {
    while (chosen.length > 2) chosen.shift().checked = false;
    button.disabled = chosen.length !== 2;
  };
  form.addEventListener("change", ({ target }) => {
    chosen = chosen.filter((box) => box !== target);
    if (target.checked) chosen.push(target);
    show();
  });
  // Coming back by the back button finds the boxes as they were left.
  addEventListener("pageshow", () => {
    chosen = [...form.querySelectorAll("input[type=checkbox]:checked")];
    show();
  });
}

// Shows only the prints in which every word asked for stands. Without a script everything is shown.
(() => {
  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const told = document.getElementById("told");
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  // Numbers are found however they are spaced.
  const close = (text) => text.replace(/[\s-]+/g, "");
  const articles = [...document.querySelectorAll("article")].map((node) => ({ node, text: "", digits: "" }));
  const groups = [...document.querySelectorAll("main section")].reverse();
  const links = [...document.querySelectorAll("#contents a")];
  const items = links
    .map((link) => [link.parentElement, document.getElementById(link.hash.slice(1))])
    .filter(([, target]) => target.matches("article"));
  let waiting = 0;

  function search() {
    const asked = plain(field.value.trim());
    const words = asked ? asked.split(" ") : [];
    const number = /^[+\d][\d\s-]{3,}$/.test(asked) ? close(asked) : "";
    let found = 0;
    for (const one of articles) {
      if (words.length && !one.text) {
        one.text = plain(one.node.textContent);
        one.digits = close(one.text);
      }
      const fits = words.every((word) => one.text.includes(word)) || (number && one.digits.includes(number));
      one.node.hidden = !fits;
      found += fits ? 1 : 0;
    }
    for (const [item, target] of items) {
      item.hidden = target.hidden;
    }
    for (const group of groups) {
      group.hidden = words.length > 0 && !group.querySelector("article:not([hidden])");
    }
    told.textContent = words.length ? told.dataset.found.replace("#", String(found)) : "";
  }

  form.hidden = false;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  // Whoever follows a link of the contents sees what it leads to.
  document.getElementById("contents").addEventListener("click", (event) => {
    if (event.target.closest("a") && field.value) {
      field.value = "";
      search();
    }
  });
})();

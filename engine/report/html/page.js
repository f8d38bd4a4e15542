(function () {
  "use strict";
  var all = function (q, from) { return Array.prototype.slice.call((from || document).querySelectorAll(q)); };
  var current = null, targets = [], at = 0;
  var filters = document.getElementById("filters"), search = document.getElementById("search");

  function fit() {
    document.documentElement.style.setProperty("--top", document.querySelector("header").offsetHeight + "px");
  }
  // Of several inputs one is shown, or the index: the one that the address names.
  var index = document.getElementById("index"), inputs = all("main.input");
  function go() {
    if (!index) return;
    var named = document.getElementById(location.hash.slice(1));
    var input = named && named.closest("main.input");
    index.classList.toggle("away", !!input);
    inputs.forEach(function (m) { m.classList.toggle("away", m !== input); });
    document.getElementById("where").textContent = input ? "› " + input.querySelector("h2").textContent : "";
    fit();
    clear();
    if (named && named.classList.contains("finding")) choose(named);
  }
  function shown() { return all(".finding:not(.hidden)").filter(function (f) { return !f.closest(".away"); }); }
  function clear() {
    all(".on").forEach(function (e) { e.classList.remove("on"); e.removeAttribute("aria-current"); });
    current = null; targets = []; at = 0;
  }
  function reveal(e) { if (e) e.scrollIntoView({block: "center"}); }
  // choose shows a finding: its figures are marked and the first comes into view.
  function choose(finding) {
    clear();
    current = finding;
    finding.classList.add("on");
    finding.setAttribute("aria-current", "true");
    targets = finding.dataset.at.split(" ").filter(Boolean).map(function (id) { return document.getElementById(id); });
    targets.forEach(function (t) { t.classList.add("on"); });
    reveal(targets[0]);
    finding.focus({preventScroll: true});
    finding.scrollIntoView({block: "nearest"});
  }
  // figure shows what was found of a number: its first visible finding, and at each further click the next.
  function figure(number) {
    var found = shown().filter(function (f) { return f.dataset.at.split(" ").indexOf(number.id) >= 0; });
    if (!found.length) return;
    choose(found[(found.indexOf(current) + 1) % found.length]);
    at = targets.indexOf(number);
  }
  function move(step) {
    var list = shown();
    if (!list.length) return;
    var i = list.indexOf(current);
    choose(list[i < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(i + step, 0), list.length - 1)]);
  }
  function filter() {
    var on = all("input[type=checkbox]", filters).filter(function (c) { return c.checked; }).map(function (c) { return c.value; });
    var words = search.value.trim().toLowerCase();
    all(".finding").forEach(function (f) {
      var shown = on.some(function (c) { return f.classList.contains(c); }) && (!words || f.textContent.toLowerCase().indexOf(words) >= 0);
      f.classList.toggle("hidden", !shown);
    });
    // On paper the figures carry the numbers of what was found of them.
    var refs = {};
    all(".finding:not(.hidden)[data-number]").forEach(function (f) {
      f.dataset.at.split(" ").filter(Boolean).forEach(function (id) { (refs[id] = refs[id] || []).push(f.dataset.number); });
    });
    all(".n").forEach(function (n) {
      if (refs[n.id]) n.dataset.refs = refs[n.id].join(" "); else n.removeAttribute("data-refs");
    });
    all(".findings").forEach(function (s) {
      s.querySelector(".nothing").classList.toggle("hidden", !!s.querySelector(".finding:not(.hidden)"));
    });
    all(".suspect").forEach(function (s) { s.classList.toggle("hidden", !s.nextElementSibling.querySelector(".finding:not(.hidden)")); });
    if (current && current.classList.contains("hidden")) clear();
  }
  document.addEventListener("click", function (e) {
    var number = e.target.closest(".n"), link = e.target.closest(".operands a"), finding = e.target.closest(".finding");
    if (number) { figure(number); return; }
    if (link) { e.preventDefault(); reveal(document.getElementById(link.getAttribute("href").slice(1))); return; }
    if (finding) choose(finding);
  });
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target === search) { if (e.key === "Escape") search.blur(); return; }
    var done = true;
    switch (e.key) {
      case "ArrowDown": case "j": move(1); break;
      case "ArrowUp": case "k": move(-1); break;
      case "Enter": case " ":
        if (e.target.classList.contains("finding")) choose(e.target);
        else if (e.target.classList.contains("n")) figure(e.target);
        else done = false;
        break;
      case "n": case "p":
        if (targets.length) { at = (at + (e.key === "n" ? 1 : targets.length - 1)) % targets.length; reveal(targets[at]); }
        break;
      case "1": case "2": case "3": case "4": case "5": case "6": case "7":
        var box = all("input[type=checkbox]", filters)[e.key - 1];
        if (box) { box.checked = !box.checked; filter(); } else done = false;
        break;
      case "/": search.focus(); break;
      case "Escape": clear(); break;
      default: done = false;
    }
    if (done) e.preventDefault();
  });
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", function (e) { e.preventDefault(); });
  window.addEventListener("resize", fit);
  window.addEventListener("hashchange", go);
  fit(); filter(); go();
})();

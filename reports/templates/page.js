(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };

  // A link into a folded scope unfolds it.
  function reveal() {
    var at = location.hash && document.getElementById(location.hash.slice(1));
    for (var up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (at) at.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // What is folded on the screen is printed open; earlier periods are summed up in their line.
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = all("details:not([open]):not(.earlier)");
    opened.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });

  // One button opens or closes all cards of a list of findings.
  all(".findings").forEach(function (list) {
    var cards = all("details.finding", list);
    if (cards.length < 2) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "toggle";
    function say() { button.textContent = cards.every(function (c) { return c.open; }) ? "Close all" : "Open all"; }
    button.addEventListener("click", function () {
      var open = !cards.every(function (c) { return c.open; });
      cards.forEach(function (c) { c.open = open; });
      say();
    });
    cards.forEach(function (c) { c.addEventListener("toggle", say); });
    say();
    list.parentNode.insertBefore(button, list);
  });

  // A long index can be filtered.
  var index = document.querySelector(".index");
  var rows = index ? all("tbody tr", index) : [];
  if (rows.length > 12) {
    var label = document.createElement("label");
    label.className = "filter";
    label.textContent = "Filter by scope or person ";
    var input = document.createElement("input");
    input.type = "search";
    label.appendChild(input);
    var said = document.createElement("span");
    said.setAttribute("role", "status");
    label.appendChild(said);
    input.addEventListener("input", function () {
      var want = input.value.trim().toLowerCase(), shown = 0;
      rows.forEach(function (r) {
        r.hidden = r.textContent.toLowerCase().indexOf(want) < 0;
        if (!r.hidden) shown++;
      });
      said.textContent = want ? " " + shown + " of " + rows.length : "";
    });
    index.insertBefore(label, index.querySelector("table"));
  }
})();

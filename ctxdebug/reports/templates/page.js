
"use strict";
(function () {
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };

  /* A block that is jumped to, or printed, is opened. */
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target) { target.scrollIntoView(); target.focus({ preventScroll: true }); }
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) { reveal(); }

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = all("details:not([open])");
    opened.forEach(function (node) { node.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (node) { node.open = false; });
  });

  /* Copying: the text itself, without the line numbers. */
  function button(words, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", function () { act(made); });
    return made;
  }
  function copy(text, made) {
    var done = function (words) {
      var before = made.textContent;
      made.textContent = words;
      setTimeout(function () { made.textContent = before; }, 1500);
    };
    if (!navigator.clipboard) { done("select and copy by hand"); return; }
    navigator.clipboard.writeText(text).then(function () { done("copied"); }, function () { done("not allowed here"); });
  }
  all(".copy").forEach(function (node) {
    node.after(button("copy", function (made) { copy(node.textContent, made); }));
  });
  all(".block > pre").forEach(function (node) {
    node.before(button("copy the text", function (made) { copy(node.textContent.replace(/\n$/, ""), made); }));
  });
  all("section").forEach(function (section) {
    var blocks = section.querySelectorAll(".block");
    if (blocks.length < 2) { return; }
    var tools = document.createElement("div");
    tools.className = "tools";
    ["open all", "close all"].forEach(function (words, index) {
      tools.append(button(words, function () { blocks.forEach(function (node) { node.open = !index; }); }));
    });
    blocks[0].before(tools);
  });

  /* Two turns, chosen, against each other. */
  all(".turnlist").forEach(function (list) {
    var turns = Array.prototype.slice.call(list.children);
    if (turns.length < 3) { return; }
    var tools = document.createElement("div");
    tools.className = "tools";
    var pick = function (label, index) {
      var holder = document.createElement("label");
      var made = document.createElement("select");
      turns.forEach(function (turn, at) {
        var option = document.createElement("option");
        option.value = String(at);
        option.textContent = turn.querySelector("summary").textContent.split(":")[0];
        made.append(option);
      });
      made.value = String(index);
      holder.append(label + " ", made);
      tools.append(holder);
      return made;
    };
    var from = pick("from", 0), to = pick("to", turns.length - 1);
    tools.append(button("show what happened in between", function () {
      var a = Math.min(+from.value, +to.value), b = Math.max(+from.value, +to.value);
      turns.forEach(function (turn, at) {
        turn.open = at > a && at <= b;
        turn.hidden = at < a || at > b;
      });
    }), button("all turns", function () {
      turns.forEach(function (turn) { turn.hidden = false; turn.open = false; });
    }));
    list.before(tools);
  });

  /* Search in the context, and filters by severity and role. */
  var cases = all("article.case");
  if (cases.length) {
    var panel = document.createElement("div"), field = document.createElement("input"), said = document.createElement("span");
    panel.className = "filters"; panel.setAttribute("role", "search"); panel.setAttribute("aria-label", "the context and the findings");
    field.type = "search"; field.placeholder = "search the context  ( / )"; field.setAttribute("aria-label", "search the context and the findings");
    said.setAttribute("role", "status");
    var boxes = [];
    var choose = function (words, attribute) {
      var values = [], set = document.createElement("fieldset"), legend = document.createElement("legend");
      all("[data-" + attribute + "]").forEach(function (node) {
        if (values.indexOf(node.dataset[attribute]) < 0) { values.push(node.dataset[attribute]); }
      });
      if (values.length < 2) { return; }
      legend.textContent = words; set.append(legend);
      values.forEach(function (value) {
        var label = document.createElement("label"), box = document.createElement("input");
        box.type = "checkbox"; box.checked = true; box.dataset.of = attribute; box.value = value;
        box.addEventListener("change", filter); boxes.push(box);
        label.append(box, " " + value); set.append(label);
      });
      panel.append(set);
    };
    var filter = function () {
      var words = field.value.trim().toLowerCase(), found = 0, off = {};
      boxes.forEach(function (box) { if (!box.checked) { off[box.dataset.of + ":" + box.value] = true; } });
      all(".finding, .block").forEach(function (node) {
        var hit = !words || node.textContent.toLowerCase().indexOf(words) >= 0;
        node.hidden = !hit || off["severity:" + node.dataset.severity] === true || off["role:" + node.dataset.role] === true;
        if (words && !node.hidden) { found += 1; if (node.tagName === "DETAILS" && found <= 20) { node.open = true; } }
      });
      said.textContent = words ? found + " found" : "";
    };
    var waiting = 0;
    field.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
    panel.append(field); choose("severity", "severity"); choose("role", "role"); panel.append(said);
    cases[0].before(panel);
  }

  /* The table of exchanges: sorted by a column, or grouped by the likely cause. */
  all("table.sortable").forEach(function (table) {
    var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
    var key = function (row, at) { var cell = row.cells[at]; return cell.dataset.sort === undefined ? cell.textContent.trim() : +cell.dataset.sort; };
    var order = function (made) { body.append.apply(body, made); };
    Array.prototype.slice.call(table.tHead.rows[0].cells).forEach(function (head, at) {
      var down = true;
      head.append(button("sort", function () {
        down = !down;
        all("table.sortable th").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        order(rows.slice().sort(function (a, b) {
          var x = key(a, at), y = key(b, at), less = x < y ? -1 : x > y ? 1 : 0;
          return down ? -less : less;
        }));
      }));
      head.lastChild.setAttribute("aria-label", "sort by " + head.firstChild.textContent);
    });
    if (rows.length > 2) {
      var tools = document.createElement("div");
      tools.className = "tools";
      tools.append(button("group by likely cause", function () {
        var counts = {};
        rows.forEach(function (row) { counts[row.dataset.cause] = (counts[row.dataset.cause] || 0) + 1; });
        order(rows.slice().sort(function (a, b) {
          return counts[b.dataset.cause] - counts[a.dataset.cause] || (a.dataset.cause < b.dataset.cause ? -1 : a.dataset.cause > b.dataset.cause ? 1 : 0);
        }));
      }), button("as they came", function () { order(rows); }));
      table.parentElement.before(tools);
    }
  });

  /* j and k go from finding to finding, / to the search. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
    if (event.key === "/") {
      var search = document.querySelector(".filters input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    if (event.key !== "j" && event.key !== "k") { return; }
    var found = all(".finding:not([hidden])");
    var at = found.indexOf(document.activeElement);
    var next = found[at < 0 ? (event.key === "j" ? 0 : found.length - 1) : at + (event.key === "j" ? 1 : -1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "start" }); }
  });
})();

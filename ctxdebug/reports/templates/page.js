
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

  /* j and k go from finding to finding. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
    if (event.key !== "j" && event.key !== "k") { return; }
    var found = all(".finding");
    var at = found.indexOf(document.activeElement);
    var next = found[at < 0 ? (event.key === "j" ? 0 : found.length - 1) : at + (event.key === "j" ? 1 : -1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "start" }); }
  });
})();


"use strict";
(function () {
  var by = function (id) { return document.getElementById(id); };
  var make = function (tag, name, words) {
    var node = document.createElement(tag);
    if (name) { node.className = name; }
    if (words !== undefined) { node.textContent = words; }
    return node;
  };
  Array.prototype.forEach.call(document.querySelectorAll(".pins a"), function (pin) { pin.style.left = pin.dataset.left + "%"; });
  if (!window.DecompressionStream) { by("turn").textContent = "This browser cannot unpack the turns (DecompressionStream)."; return; }

  var data, now = 0, contexts = {};
  function unpack() {
    var packed = atob(by("data").textContent.replace(/\s+/g, ""));
    var bytes = new Uint8Array(packed.length);
    for (var i = 0; i < packed.length; i++) { bytes[i] = packed.charCodeAt(i); }
    by("data").textContent = "";
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  /* The blocks of a turn's context: what it keeps of the turn before in its lane, and what it adds. */
  function before(n) {
    for (var i = n - 1; i >= 0; i--) { if (data.turns[i].l === data.turns[n].l) { return i; } }
    return -1;
  }
  function context(n) {
    var way = [];
    for (var at = n; at >= 0 && !contexts[at]; at = before(at)) { way.push(at); }
    var held = at >= 0 ? contexts[at] : [];
    while (way.length) {
      var turn = data.turns[way.pop()];
      held = held.slice(0, turn.p).concat(turn.a);
    }
    contexts = {};
    contexts[n] = held;
    return held;
  }

  function block(id, sign, name, open) {
    var row = data.blocks[id], node = make("details", "block b-" + row[0]), head = make("summary");
    if (sign) { head.append(make("span", name, sign + " ")); }
    head.append(make("span", "who", row[1]));
    head.append(" " + (row[2] ? "~" + row[2].toLocaleString("en") + " tokens  " : ""));
    head.append(make("span", "quiet", row[3].slice(0, 110).replace(/\s+/g, " ")));
    node.append(head);
    var fill = function () { if (node.open && node.children.length === 1) { node.append(make("pre", "", row[3])); } };
    node.addEventListener("toggle", fill);
    if (open) { node.open = true; fill(); }
    return node;
  }
  function part(into, words, ids, sign, name, open) {
    if (!ids.length) { return; }
    into.append(make("h3", "", words + " (" + ids.length + ")"));
    ids.forEach(function (id) { into.append(block(id, sign, name, open && ids.length < 6 && data.blocks[id][3].length < 4000)); });
  }

  function show(n, quiet) {
    now = Math.max(0, Math.min(data.turns.length - 1, n));
    var turn = data.turns[now], last = before(now), held = context(now), into = by("turn");
    var old = last >= 0 ? context(last).concat(data.turns[last].y) : [];
    var kept = new Set(old), there = new Set(held), pairs = turn.x || [];
    var was = new Set(pairs.map(function (p) { return p[0]; })), is = new Set(pairs.map(function (p) { return p[1]; }));
    into.textContent = "";
    var title = make("h2", "", "Turn " + turn.n + (turn.l ? " · " + turn.l : ""));
    title.id = "t" + turn.n;
    into.append(title);
    var facts = [(turn.r ? "" : "~") + turn.s.toLocaleString("en") + " prompt tokens" + (turn.u !== null ? " (" + Math.round(turn.u * 100) + "% of the window)" : "")];
    if (turn.c !== null) { facts.push(turn.c.toLocaleString("en") + " read from the cache"); }
    if (turn.k !== null) { facts.push("$" + turn.k.toPrecision(3)); }
    if (turn.m) { facts.push(turn.m); }
    if (turn.t) { facts.push(turn.t); }
    if (turn.b) { facts.push(turn.b + " before this turn"); }
    into.append(make("p", "quiet", facts.join(" · ")));
    turn.f.forEach(function (number) {
      var line = make("p", "message"), link = make("a", "", "finding " + (number + 1));
      link.href = "#f" + number;
      line.append(link, ": " + by("f" + number).querySelector(".message").textContent);
      into.append(line);
    });
    part(into, "Entered", held.filter(function (id, at) { return at >= turn.p && !kept.has(id) && !is.has(id); }), "+", "sign-in", true);
    part(into, "Left", Array.from(new Set(old.filter(function (id) { return !there.has(id) && !was.has(id); }))), "−", "sign-out", false);
    if (pairs.length) {
      into.append(make("h3", "", "Changed (" + pairs.length + ")"));
      pairs.forEach(function (p) {
        var two = make("div", "pair");
        two.append(block(p[0], "− before", "sign-out", true), block(p[1], "+ now", "sign-in", true));
        into.append(two);
      });
    }
    part(into, "Answered", turn.y, "", "", true);
    var all = make("details"), head = make("summary", "", "the whole context: " + held.length + " blocks");
    all.append(head);
    all.addEventListener("toggle", function () {
      if (all.open && all.children.length === 1) { held.forEach(function (id) { all.append(block(id, "", "", false)); }); }
    });
    into.append(all);
    by("cursor").setAttribute("x1", now + 0.5);
    by("cursor").setAttribute("x2", now + 0.5);
    by("number").value = turn.n;
    if (!quiet) { history.replaceState(null, "", "#t" + turn.n); into.focus({ preventScroll: true }); }
  }

  function inLane(n) {
    var lane = by("lane");
    return !lane || lane.value === "*" || (data.turns[n].l || "main") === lane.value;
  }
  function move(step, wanted) {
    for (var n = now + step; n >= 0 && n < data.turns.length; n += step) {
      if (inLane(n) && (!wanted || data.turns[n].f.length)) { show(n); return; }
    }
  }

  function search() {
    var words = by("search").value.toLowerCase(), into = by("hits");
    into.textContent = "";
    if (words.length < 2) { return; }
    var found = {};
    data.blocks.forEach(function (row, id) {
      var at = row[3].toLowerCase().indexOf(words);
      if (at >= 0) { found[id] = row[3].slice(Math.max(0, at - 40), at + 80).replace(/\s+/g, " "); }
    });
    var list = make("ol", "hits"), shown = 0, seen = new Set(), total = 0;
    data.turns.forEach(function (turn, n) {
      turn.a.concat(turn.y).forEach(function (id) {
        if (found[id] === undefined || seen.has(id) || !inLane(n)) { return; }
        seen.add(id);
        total++;
        if (shown >= 100) { return; }
        shown++;
        var item = make("li"), link = make("a", "", "turn " + turn.n);
        link.href = "#t" + turn.n;
        item.append(link, " " + data.blocks[id][1] + ": " + found[id]);
        list.append(item);
      });
    });
    into.append(make("p", "quiet", total + (total === 1 ? " text" : " texts") + (total > shown ? ", the first " + shown + " are shown" : "")), list);
  }

  function jump() {
    var found = /^#t(\d+)$/.exec(location.hash);
    if (found && +found[1] - 1 !== now) { show(+found[1] - 1); }
    if (found) { by("timeline").scrollIntoView(); }
  }

  unpack().then(function (held) {
    data = held;
    by("controls").hidden = false;
    var strip = by("strip");
    strip.tabIndex = 0;
    strip.setAttribute("role", "slider");
    strip.setAttribute("aria-label", "turn");
    strip.setAttribute("aria-valuemin", "1");
    strip.setAttribute("aria-valuemax", data.turns.length);
    var drawn = show;
    show = function (n, quiet) {
      drawn(n, quiet);
      strip.setAttribute("aria-valuenow", now + 1);
    };
    strip.addEventListener("click", function (event) {
      var box = strip.getBoundingClientRect();
      show(Math.floor((event.clientX - box.left) / box.width * data.turns.length));
    });
    strip.addEventListener("keydown", function (event) {
      if (event.key === "ArrowLeft") { move(-1); event.preventDefault(); strip.focus(); }
      if (event.key === "ArrowRight") { move(1); event.preventDefault(); strip.focus(); }
    });
    by("previous").addEventListener("click", function () { move(-1); });
    by("next").addEventListener("click", function () { move(1); });
    by("nextfinding").addEventListener("click", function () { move(1, true); });
    by("number").addEventListener("change", function () { show(+by("number").value - 1); });
    by("search").addEventListener("input", search);
    if (by("lane")) { by("lane").addEventListener("change", function () { search(); if (!inLane(now)) { now = -1; move(1); } }); }
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
      if (event.key === "j") { move(1); }
      if (event.key === "k") { move(-1); }
      if (event.key === "n") { move(1, true); }
      if (event.key === "/") { by("search").focus(); event.preventDefault(); }
    });
    window.addEventListener("hashchange", jump);
    var wanted = /^#t(\d+)$/.exec(location.hash);
    var first = document.querySelector(".pins a");
    show(wanted ? +wanted[1] - 1 : first ? +first.dataset.turn - 1 : 0, true);
    document.documentElement.dataset.ready = "yes";
  });
})();

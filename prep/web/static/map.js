// The map that can be moved, laid over the still picture: the same outlines and marks, from the same page.
// Without this file, and where it fails, the still picture stays.
(() => {
  "use strict";
  if (!window.L) return;

  const ORDER = ["fault", "warning", "unknown", "ok"];
  const CLUSTER_PX = 30;
  const RING_PX = 16;
  const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const alive = new Map();
  const outlines = new Map();

  const read = (root, name) => JSON.parse(root.dataset[name] || "null");
  const filled = (words, facts) => words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  const element = (name, classes, ...children) => {
    const made = document.createElement(name);
    if (classes) made.className = classes;
    made.append(...children);
    return made;
  };
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const shape = (root, state) => root.querySelector(`template[data-shape="${state}"]`).content.cloneNode(true);

  // The place of the view is kept while the page is: whoever opens premises comes back to where they were.
  const viewKey = (root, plot) => `map ${location.pathname} ${root.id} ${plot.focus}`;
  function keptView(root, plot) {
    try {
      return JSON.parse(sessionStorage.getItem(viewKey(root, plot)));
    } catch {
      return null;
    }
  }
  function keepView(root, plot, map) {
    const { lat, lng } = map.getCenter();
    try {
      sessionStorage.setItem(viewKey(root, plot), JSON.stringify([lat, lng, map.getZoom()]));
    } catch {
      // A browser that keeps nothing opens the map anew each time.
    }
  }

  function land(address) {
    if (!outlines.has(address)) {
      outlines.set(
        address,
        fetch(address).then((answer) => {
          if (!answer.ok || answer.redirected) throw new Error(answer.status);
          return answer.json();
        }),
      );
    }
    return outlines.get(address);
  }

  function markOf(root, one) {
    const link = element("a", one.isChosen ? "at chosen" : "at", shape(root, one.state));
    link.href = one.href;
    link.setAttribute("aria-label", one.words);
    if (one.isLeftOut) link.classList.add("faint");
    const icon = L.divIcon({ className: "spot", html: link, iconSize: [28, 28] });
    const marker = L.marker(one.at, { icon, keyboard: false, riseOnHover: true });
    marker.state = one.state;
    marker.bindTooltip(element("span", "", one.words), { direction: "top", offset: [0, -8] });
    link.addEventListener("focus", () => {
      marker.openTooltip();
      if (marker._map) marker._map.panInside(marker.getLatLng(), { padding: [24, 24], animate: false });
    });
    link.addEventListener("blur", () => marker.closeTooltip());
    return marker;
  }

  // A ring in which each state has its part: told apart by the width and the gaps of the line, too.
  function ring(counts, total) {
    const around = 2 * Math.PI * RING_PX;
    const picture = svg("svg", { viewBox: "-20 -20 40 40", "aria-hidden": "true" });
    let begun = 0;
    for (const [state, count] of counts) {
      const part = (count / total) * around;
      const gap = counts.length > 1 ? Math.min(1.5, part / 2) : 0;
      const line = { r: RING_PX, class: `part ${state}`, "stroke-dashoffset": -begun };
      line["stroke-dasharray"] = `${part - gap} ${around - part + gap}`;
      picture.append(svg("circle", line));
      begun += part;
    }
    return picture;
  }

  function clusterIcon({ words, name }, cluster) {
    const states = cluster.getAllChildMarkers().map((one) => one.state);
    const counts = ORDER.map((state) => [state, states.filter((one) => one === state).length]).filter(([, n]) => n);
    const told = counts.map(([state, count]) => `${words.states[state]} ${count}`).join(", ");
    const figure = element("span", "", String(states.length));
    figure.setAttribute("aria-hidden", "true");
    const unseen = element("span", "unseen", `${filled(words.several, { n: states.length })}: ${told}`);
    const inside = element("span", "several", ring(counts, states.length), figure, unseen);
    inside.title = told;
    return L.divIcon({ className: name, html: inside, iconSize: [40, 40] });
  }

  function drawLand(map, features) {
    L.geoJSON(features, { className: "land", interactive: false }).addTo(map);
    for (const { properties } of features.features) {
      const name = element("span", "", properties.name);
      name.setAttribute("aria-hidden", "true");
      const icon = L.divIcon({ className: "place-name", html: name, iconSize: [0, 0] });
      const at = [properties.label[1], properties.label[0]];
      L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
    }  }

  function drawZones(map, zones) {
    for (const zone of zones) {
      const style = { className: "zone", interactive: false };
      if (zone.corners) L.polygon(zone.corners, style).addTo(map);
      else L.circle(zone.middle, { ...style, radius: zone.radiusKm * 1000 }).addTo(map);
    }
  }

  const bunches = (kind) =>
    L.markerClusterGroup({
      maxClusterRadius: CLUSTER_PX,
      showCoverageOnHover: false,
      animate: !CALM,
      spiderLegPolylineOptions: { className: "leg" },
      iconCreateFunction: (cluster) => clusterIcon(kind, cluster),
    });

  function drawMarks(map, root, plot, words) {
    const [shown, leftOut] = [bunches({ words, name: "spots" }), bunches({ words, name: "spots faint" })];
    for (const one of plot.marks) {
      // What somebody looks at is never hidden in a bunch.
      if (one.isChosen) markOf(root, one).setZIndexOffset(1000).addTo(map);
      else (one.isLeftOut ? leftOut : shown).addLayer(markOf(root, one));
    }
    map.addLayer(leftOut);
    map.addLayer(shown);
  }

  async function build(root) {
    const plot = read(root, "plot");
    const words = read(root, "words");
    const tiles = read(root, "tiles");
    alive.set(root, null);
    let features;
    try {
      features = await land(root.dataset.land);
    } catch {
      root.append(element("p", "note warning", words.failed));
      return;
    }
    if (!features.features.length || !root.isConnected) return;
    const canvas = element("div", "plot-live");
    canvas.setAttribute("role", "region");
    canvas.setAttribute("aria-label", `${words.map}. ${words.moving}`);
    root.append(canvas);
    root.classList.add("live");
    const map = L.map(canvas, {
      zoomControl: false,
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      zoomAnimation: !CALM,
      fadeAnimation: !CALM,
      markerZoomAnimation: !CALM,
      minZoom: 4,
      maxZoom: 18,
    });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    if (tiles) {
      root.classList.add("tiled");
      const credit = element("span", "", tiles.attribution).innerHTML;
      L.tileLayer(tiles.url, { attribution: credit, maxZoom: 18 }).addTo(map);
    }
    const kept = keptView(root, plot);
    const focus = L.geoJSON(features, { filter: (one) => one.properties.code === plot.focus }).getBounds();
    if (kept) map.setView([kept[0], kept[1]], kept[2], { animate: false });
    else map.fitBounds(focus.isValid() ? focus : L.geoJSON(features).getBounds(), { animate: false, padding: [8, 8] });
    drawLand(map, features);
    drawZones(map, plot.zones);
    drawMarks(map, root, plot, words);
    map.on("moveend", () => keepView(root, plot, map));
    alive.set(root, map);
    document.dispatchEvent(new CustomEvent("prep:map", { detail: { root, map, words, plot, filled, element } }));
  }

  function buildAll() {
    for (const [root, map] of alive) {
      const isWhole = root.isConnected && (map === null || root.contains(map.getContainer()));
      if (isWhole && root.dataset.plot === root.plotted) continue;
      if (map) map.remove();
      for (const part of root.querySelectorAll(".plot-live")) part.remove();
      root.classList.remove("live", "tiled");
      alive.delete(root);
    }
    for (const root of document.querySelectorAll(".plot")) {
      if (alive.has(root)) continue;
      root.plotted = root.dataset.plot;
      build(root);
    }
  }

  document.addEventListener("htmx:after:swap", buildAll);
  buildAll();
})();

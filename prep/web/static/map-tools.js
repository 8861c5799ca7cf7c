// What is drawn on the map: an area or a circle that the list is asked by, and a distance. The drawing library is
// fetched when somebody first draws.
(() => {
  "use strict";
  const loaded = {};

  function fetched(tools) {
    const address = tools.dataset.drawingScript;
    loaded[address] ??= new Promise((done, failed) => {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = tools.dataset.drawingStyle;
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(style, script);
    });
    return loaded[address];
  }

  const degrees = (number) => number.toFixed(5);

  function ask(root, changes) {
    const form = root.closest("section").querySelector(".area-form");
    for (const name of ["piste", "sade", "rajaus"]) form.elements[name].value = changes[name] || "";
    form.requestSubmit();
  }

  function length(line) {
    const points = line.getLatLngs();
    return points.slice(1).reduce((sum, point, at) => sum + points[at].distanceTo(point), 0);
  }

  document.addEventListener("prep:map", ({ detail: { root, map, words, filled } }) => {
    const tools = document.querySelector(`[data-tools-of="${root.id}"]`);
    const told = document.querySelector(`[data-told-of="${root.id}"]`);
    if (!tools) return;
    tools.hidden = false;
    const buttons = [...tools.querySelectorAll("button")];
    const press = (which) => {
      for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.draws === which));
    };
    let measured = null;

    const tellLength = (line) => {
      const km = (length(line) / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
      told.textContent = filled(words.distance, { km });
    };
    const finished = ({ shape, layer }) => {
      press(null);
      if (shape === "Line") {
        measured = layer;
        tellLength(layer);
        return;
      }
      map.removeLayer(layer);
      if (shape === "Circle") {
        const { lat, lng } = layer.getLatLng();
        ask(root, { piste: `${degrees(lat)} ${degrees(lng)}`, sade: (layer.getRadius() / 1000).toFixed(2) });
      } else {
        const corners = layer.getLatLngs()[0].map(({ lat, lng }) => `${degrees(lat)},${degrees(lng)}`);
        ask(root, { rajaus: corners.join(";") });
      }
    };

    async function draw(which) {
      const wasOn = tools.querySelector('[aria-pressed="true"]')?.dataset.draws;
      if (map.pm) map.pm.disableDraw();
      press(null);
      told.textContent = "";
      if (measured) map.removeLayer(measured);
      measured = null;
      if (wasOn === which) return;
      try {
        await fetched(tools);
      } catch {
        told.textContent = words.failed;
        return;
      }
      if (!map.pm) {
        map.pm = new L.PM.Map(map);
        map.on("pm:create", finished);
        map.on("pm:drawstart", ({ workingLayer, shape }) => {
          if (shape === "Line") workingLayer.on("pm:vertexadded", () => tellLength(workingLayer));
        });
      }
      press(which);
      told.textContent = { Polygon: words.corners, Circle: words.circle, Line: words.line }[which];
      const pathOptions = { className: "zone" };
      map.pm.enableDraw(which, {
        allowSelfIntersection: false,
        continueDrawing: false,
        tooltips: false,
        snappable: false,
        pathOptions,
        templineStyle: pathOptions,
        hintlineStyle: pathOptions,
      });
    }

    for (const one of buttons) one.onclick = () => draw(one.dataset.draws);
    const giveUp = (event) => {
      if (event.key !== "Escape" || !map.pm) return;
      map.pm.disableDraw();
      press(null);
      told.textContent = "";
    };
    document.addEventListener("keydown", giveUp);
    map.on("unload", () => document.removeEventListener("keydown", giveUp));
  });
})();

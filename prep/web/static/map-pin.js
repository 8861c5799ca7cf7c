// The place of premises on the form: a pin that is moved with the mouse, a finger or the arrow keys, and fills the field.
// The field stays the truth: what is typed in it moves the pin, and what is saved is what stands in it.
(() => {
  "use strict";
  const FINEST_PX = 4;
  const LEAP = 10;
  const CLOSE = 10.5;
  const WAIT_MS = 350;

  // A step of a few pixels, as a round number of metres: the closer the map, the finer the step.
  function roundStep(map) {
    const middle = map.getSize().divideBy(2);
    const aside = middle.add([FINEST_PX, 0]);
    const metres = map.distance(map.containerPointToLatLng(middle), map.containerPointToLatLng(aside));
    const power = 10 ** Math.floor(Math.log10(metres));
    return Math.max(1, [1, 2, 5, 10].find((one) => one * power >= metres) * power);
  }

  function moved({ lat, lng }, key, metres) {
    const perDegree = 111_195;
    const [north, east] = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[key];
    const across = perDegree * Math.cos((lat * Math.PI) / 180);
    return L.latLng(lat + (north * metres) / perDegree, lng + (east * metres) / across);
  }

  // Proposals for the typed address and name: one that is taken fills the field, and is looked at on the map.
  function findByAddress(place, { code, element, take }) {
    const find = place.querySelector("[data-place-find]");
    const list = place.querySelector("[data-place-found]");
    const typed = (name) => document.getElementById(name).value;
    const ask = async (text) => {
      const question = new URLSearchParams({ osoite: text, kunta: code(), paikka: place.dataset.number });
      const answer = await fetch(`${place.dataset.find}?${question}`);
      return (await answer.json()).found;
    };
    find.hidden = false;
    find.onclick = async () => {
      let found = [];
      try {
        found = [...(await ask(typed("address"))), ...(await ask(typed("name")))];
      } catch {
        found = [];
      }
      const unique = new Map(found.map((one) => [one.place, one]));
      list.replaceChildren(
        ...[...unique.values()].map((one) => {
          const button = element("button", "plain-button", `${one.place}: ${one.words}`);
          button.type = "button";
          button.onclick = () => take(one.place);
          return element("li", "", button);
        }),
      );
      if (!unique.size) list.append(element("li", "soft", find.dataset.none));
    };
  }

  document.addEventListener("prep:map", ({ detail: { root, map, words, filled, element } }) => {
    const place = root.closest("[data-place]");
    if (!place) return;
    const field = document.getElementById("coordinates");
    const municipality = document.getElementById("kunta");
    const told = place.querySelector("[data-place-told]");
    const begin = place.querySelector("[data-place-begin]");
    const written = ({ lat, lng }) => [lat, lng].map((one) => one.toFixed(5).replace(".", ",")).join(" ");
    let marker = null;
    let asked = 0;

    async function check({ follow }) {
      const turn = ++asked;
      const question = new URLSearchParams({ teksti: field.value, kunta: municipality?.value || place.dataset.place });
      let found;
      try {
        const answer = await fetch(`${place.dataset.check}?${question}`);
        found = await answer.json();
      } catch {
        return;
      }
      if (turn !== asked) return;
      told.textContent = found.words;
      told.classList.toggle("warning", found.isDoubtful);
      told.classList.toggle("note", found.isDoubtful);
      if (follow && found.lat !== null) put(L.latLng(found.lat, found.lon), { show: true });
    }

    function fill(at) {
      field.value = written(at);
      field.dispatchEvent(new Event("change", { bubbles: true }));
      check({ follow: false });
    }

    function tellSteps() {
      const step = roundStep(map);
      const words_ = filled(words.moved, { step, leap: step * LEAP });
      marker?.getElement()?.querySelector("button").setAttribute("aria-description", words_);
      place.querySelector("[data-place-steps]").textContent = words_;
    }

    function put(at, { show }) {
      const isFirst = !marker;
      if (marker) {
        marker.setLatLng(at);
      } else {
        const handle = element("button", "pin-handle");
        handle.type = "button";
        handle.setAttribute("aria-label", words.pin);
        handle.addEventListener("keydown", (event) => {
          if (!event.key.startsWith("Arrow")) return;
          event.preventDefault();
          event.stopPropagation();
          const metres = roundStep(map) * (event.shiftKey ? LEAP : 1);
          const to = moved(marker.getLatLng(), event.key, metres);
          marker.setLatLng(to);
          map.panInside(to, { padding: [40, 40], animate: false });
          fill(to);
        });
        const icon = L.divIcon({ className: "pin", html: handle, iconSize: [32, 40], iconAnchor: [16, 38] });
        marker = L.marker(at, { icon, draggable: true, autoPan: true, keyboard: false, zIndexOffset: 2000 }).addTo(map);
        marker.on("dragend", () => fill(marker.getLatLng()));
        begin.textContent = begin.dataset.move;
        tellSteps();
      }
      if (show && isFirst) map.setView(at, CLOSE, { animate: false });
      else if (show && !map.getBounds().pad(-0.1).contains(at)) map.setView(at, Math.max(map.getZoom(), CLOSE), { animate: false });
    }

    begin.hidden = false;
    begin.onclick = () => {
      put(map.getCenter(), { show: false });
      fill(marker.getLatLng());
      marker.getElement().querySelector("button").focus();
    };
    map.on("click", ({ latlng }) => {
      put(latlng, { show: false });
      fill(latlng);
    });
    map.on("zoomend", tellSteps);
    let waiting;
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => check({ follow: true }), WAIT_MS);
    };
    field.addEventListener("input", later);
    municipality?.addEventListener("change", later);
    findByAddress(place, {
      code: () => municipality?.value || place.dataset.place,
      element,
      take: (text) => {
        field.value = text;
        check({ follow: true });
      },
    });
    if (field.value) check({ follow: true });
  });
})();

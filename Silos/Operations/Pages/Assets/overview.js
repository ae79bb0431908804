// Keeps the page up to date. Everything is on the page without it.
(() => {
  'use strict';
  const live = document.getElementById('live');
  const say = (text, good) => {
    live.textContent = text;
    live.className = good ? 'live good' : 'live bad';
  };

  const source = new EventSource('events');
  source.onopen = () => say('Live', true);
  source.onerror = () => say(
    source.readyState === EventSource.CLOSED ? 'Not live: reload to sign in again' : 'Not live: connecting again', false);
  source.onmessage = event => {
    const { id, html } = JSON.parse(event.data);
    const place = document.getElementById(id);
    // A status that is said again is read out again.
    if (place && place.innerHTML !== html)
      place.innerHTML = html;
  };
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', event => {
    if (event.persisted)
      location.reload();
  });
})();

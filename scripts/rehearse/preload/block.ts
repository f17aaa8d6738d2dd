/** A release with work that holds the event loop: 400 ms, twice a second. */
setInterval(() => {
  const end = performance.now() + 400
  while (performance.now() < end);
}, 500)

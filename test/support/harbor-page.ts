/** A page of an invented boat charter, in the versions of the incident: its parts can be there or not. */

export interface HarborParts {
  /** The hero's crossfade from the name to the call to book. */
  readonly crossfade: boolean;
  /** The embedded checkout in place of a mail link. */
  readonly checkout: boolean;
  /** The line for a magazine's readers that was taken out later. */
  readonly readersLine: boolean;
}

const head = (parts: HarborParts): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Marisol Sailing &mdash; private charters from Harbor Pier</title>
  <meta name="description" content="Private two-hour sails on a classic wooden ketch. Up to six guests, skipper included.">
  <meta property="og:title" content="Marisol Sailing — private charters from Harbor Pier">
  <meta property="og:image" content="/img/marisol-wide.jpg">
  <link rel="canonical" href="https://marisol.example/">
  <link rel="icon" href="/favicon.svg">
  <link rel="stylesheet" href="css/site.css?v=12">
  <style>
    :root { --sea: #0b4f6c; --sand: #f3e9dc; }
    body { margin: 0; font-family: Georgia, serif; color: #222; }
    .hero { position: relative; min-height: 70vh; background: url("img/hero-dusk.jpg") center / cover; }
    .hero h1 { font-size: clamp(2rem, 6vw, 4rem); }
${parts.crossfade ? "    .hero-fade { transition: opacity 900ms ease; }\n    .hero-fade.is-gone { opacity: 0; }\n    @keyframes hero-pulse { from { opacity: .6 } to { opacity: 1 } }\n" : ""}    nav a { margin-right: 1rem; }
    footer { padding: 2rem; background: var(--sand); }
  </style>
${parts.checkout ? '  <script src="https://js.stripe.com/v3/" async></script>\n' : ""}</head>`;

const hero = (parts: HarborParts): string => `  <header class="hero" id="top">
    <nav aria-label="Main">
      <a href="/">Home</a>
      <a href="boat.html">The boat</a>
      <a href="routes/">Routes</a>
      <a href="/faq.html#weather">Questions</a>
    </nav>
    <h1${parts.crossfade ? ' class="hero-fade" data-crossfade="book-now"' : ""}>MARISOL</h1>
${parts.crossfade ? '    <a class="btn btn-primary" id="hero-book" href="#book">BOOK NOW</a>\n' : ""}${parts.readersLine ? "    <p>For Coast &amp; Canyon readers: ten percent off every weekday sail.</p>\n" : ""}    <p>Two hours under sail, <strong>six guests</strong> at most, skipper included.</p>
  </header>`;

const body = `  <main>
    <section id="boat">
      <h2>The boat</h2>
      <p>Marisol is a ketch of 1964, planked in mahogany on oak, and she has been kept by the same two families since she was launched. Her decks are wide. Her cabin sleeps four, though we come home for dinner. She carries tan sails that can be seen from the bridge.</p>
      <picture>
        <source srcset="img/marisol-800.webp 800w, img/marisol-1600.webp 1600w" type="image/webp">
        <img src="img/marisol-800.jpg" alt="Marisol under tan sails" width="800" height="533">
      </picture>
      <ul>
        <li>Length 14 metres</li>
        <li>Life jackets in all sizes</li>
        <li>Dogs are welcome</li>
      </ul>
    </section>
    <section id="routes">
      <h2>Routes</h2>
      <table>
        <tr><th>Route</th><th>Leaves</th><th>Price</th></tr>
        <tr><td>Bay loop</td><td>10:00</td><td>$390</td></tr>
        <tr><td>Lighthouse</td><td>14:00</td><td>$450</td></tr>
        <tr><td>Sunset</td><td>17:30</td><td>$520</td></tr>
      </table>
      <p>See <a href="routes/lighthouse.html">the way to the lighthouse</a> for a chart.</p>
      <video src="/video/bay-loop.mp4" poster="/img/bay-loop-poster.jpg" muted></video>
    </section>
    <section id="guests">
      <h2>What guests say</h2>
      <blockquote>The skipper let our daughter steer.</blockquote>
      <blockquote>Quiet, kind, unhurried.</blockquote>
    </section>`;

const booking = (parts: HarborParts): string =>
  parts.checkout
    ? `    <section id="book" data-stripe-embedded="checkout">
      <h2>Book your sail</h2>
      <form id="booking-form" action="https://api.marisol.example/checkout" method="post">
        <label>Date <input type="date" name="sail_date" required></label>
        <label>Guests <input type="number" name="guest_count" min="1" max="6"></label>
        <label>E-mail <input type="email" name="guest_email"></label>
        <input type="hidden" name="route" value="bay-loop">
        <button id="pay-button" type="submit" data-price="39000" onclick="track('pay')">Pay and reserve</button>
      </form>
      <div id="embedded-checkout"></div>
    </section>
  </main>`
    : `    <section id="book">
      <h2>Book your sail</h2>
      <p>Write to <a href="mailto:sail@marisol.example">sail@marisol.example</a> and we answer by the evening.</p>
    </section>
  </main>`;

const scripts = (parts: HarborParts): string => `  <footer>
    <p>Harbor Pier, slip 22 &middot; <a href="tel:+15550100">555 0100</a></p>
    <p>&copy; Marisol Sailing</p>
  </footer>
  <script src="/js/menu.js" defer></script>
  <script type="application/ld+json">{ "@context": "https://schema.org", "@type": "LocalBusiness", "name": "Marisol Sailing", "telephone": "555 0100" }</script>
  <script>
    // Opens the menu on small screens.
    function toggleMenu() { document.body.classList.toggle("menu-open"); }
    document.querySelector("nav").addEventListener("click", toggleMenu);
  </script>
${
  parts.crossfade
    ? `  <script>
    function startHeroCrossfade(hero, call) {
      let isCall = false;
      setInterval(() => { isCall = !isCall; hero.classList.toggle("is-gone", isCall); call.hidden = !isCall; }, 4000);
    }
    window.addEventListener("load", () => startHeroCrossfade(document.querySelector(".hero-fade"), document.getElementById("hero-book")));
  </script>
`
    : ""
}${
  parts.checkout
    ? `  <script type="module">
    const stripe = Stripe("pk_test_000");
    async function mountCheckout() {
      const session = await fetch("https://api.marisol.example/session", { method: "POST" }).then((reply) => reply.json());
      const checkout = await stripe.initEmbeddedCheckout({ clientSecret: session.secret });
      checkout.mount("#embedded-checkout");
    }
    document.getElementById("booking-form").addEventListener("submit", mountCheckout);
  </script>
`
    : ""
}</body>
</html>
`;

/** The page with the parts given; everything else is there. */
export const harborPage = (parts: Partial<HarborParts> = {}): string => {
  const all: HarborParts = { crossfade: true, checkout: true, readersLine: false, ...parts };
  return [head(all), "<body>", hero(all), body, booking(all), scripts(all)].join("\n");
};

export const harborBytes = (parts: Partial<HarborParts> = {}): Uint8Array => new TextEncoder().encode(harborPage(parts));

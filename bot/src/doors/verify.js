"use strict";
const KEY = "mela_device";
const at = (id) => document.getElementById(id);
const { fresh, telegram } = document.body.dataset;

/** The promise's value, or nothing once the time is over. */
const within = (millis, promise) => Promise.race([promise, new Promise((done) => setTimeout(done, millis))]);

// Telegram's script may be out of reach, or late: the page does without it, by what the link itself carries.
const loaded = within(4000, new Promise((done) => {
  const script = document.createElement("script");
  script.onload = script.onerror = () => done();
  script.src = telegram;
  document.head.append(script);
}));
const app = () => window.Telegram && window.Telegram.WebApp;
loaded.then(() => { try { app().ready(); app().expand(); } catch { /* an older app */ } });

const proof = () => (app() && app().initData) || new URLSearchParams(location.hash.slice(1)).get("tgWebAppData") || "";

const isName = (name) => typeof name === "string" && /^[A-Za-z0-9_-]{8,64}$/.test(name);
/** Names of ours begin with the time at which they were made; others come after them. */
const age = (name) => (/^[0-9a-f]{32}$/.test(name) ? name.slice(0, 12) : "z") + name;

const browser = {
  get() { try { return localStorage.getItem(KEY); } catch { return null; } },
  set(name) { try { localStorage.setItem(KEY, name); } catch { /* blocked: the others keep it */ } },
};
/** Telegram's own store on the device, which older apps lack. */
const device = {
  ask(call) {
    return within(1500, new Promise((done) => {
      try {
        if (!app().isVersionAtLeast("9.0")) return done(null);
        call(app().DeviceStorage, (error, value) => done(error ? null : value));
      } catch { done(null); }
    }));
  },
  get() { return this.ask((store, done) => store.getItem(KEY, done)); },
  set(name) { return this.ask((store, done) => store.setItem(KEY, name, done)); },
};

function show(id) {
  for (const part of ["ask", "busy", "done", "failed"]) at(part).hidden = part !== id;
}

function fail(why) {
  for (const words of document.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
  at("again").hidden = why !== "away";
  show("failed");
}

async function verify() {
  show("busy");
  await loaded;
  if (!proof()) return fail("outside");
  const known = [browser.get(), await device.get()].filter(isName).sort((a, b) => (age(a) < age(b) ? -1 : 1));
  const told = { init_data: proof(), device: known[0] || fresh };
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 20000);
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(told), credentials: "same-origin", signal: stop.signal,
    });
    if (answer.status === 401) return fail("old");
    if (!answer.ok) return fail("away");
    const { outcome, device: oldest } = await answer.json();
    if (outcome !== "verified") return fail("unknown");
    if (isName(oldest)) {
      browser.set(oldest);
      await device.set(oldest);
    }
    show("done");
  } catch {
    fail("away");
  } finally {
    clearTimeout(late);
  }
}

at("go").disabled = false;
at("go").onclick = verify;
at("again").onclick = verify;
for (const button of document.querySelectorAll(".close")) button.onclick = () => { try { app().close(); } catch { window.close(); } };

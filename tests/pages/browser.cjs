// Opens pages in Chromium and says what a reader would meet. A job comes as JSON on standard input:
//   { executable, folder, pages: [{ name, address, views: [{ name, width, height, dark, phone, ... }], pdf, ... }] }
// and the findings, one entry a page and view, leave as JSON on standard output; pictures and PDFs go into the folder.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const QUIET = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const MARGIN = { top: "14mm", bottom: "14mm", left: "12mm", right: "12mm" };
const TABS_AT_MOST = 40;

async function main() {
  const job = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await chromium.launch({ executablePath: job.executable, args: QUIET, chromiumSandbox: false });
  try {
    const found = [];
    for (const page of job.pages) {
      for (const view of page.views) found.push(await looked(browser, job.folder, page, view, view === page.views[0]));
    }
    process.stdout.write(JSON.stringify(found));
  } finally {
    await browser.close();
  }
}

// Paper and keyboard are the same by day and by night: the one is asked for in the first view, the other in the light.
async function looked(browser, folder, page, view, first) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.dark ? "dark" : "light",
    isMobile: view.phone, hasTouch: view.phone, reducedMotion: "reduce", locale: "en-US",
    deviceScaleFactor: view.scale,
  });
  const tab = await context.newPage();
  const said = [];
  const asked = [];
  tab.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => said.push(`error: ${error.message}`));
  tab.on("request", (request) => asked.push(request.url()));
  await tab.goto(page.address, { waitUntil: "load" });
  const file = path.join(folder, `${page.name}-${view.name}`);
  if (view.unfolded) await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await tab.screenshot({ path: `${file}.png`, fullPage: !view.clip });
  const told = {
    page: page.name, view: view.name, picture: `${file}.png`, pdf: page.pdf && first ? `${file}.pdf` : "",
    ...(await tab.evaluate(measured)),
    violations: page.judged ? await judged(tab, page.excused) : [],
  };
  if (told.pdf) await tab.pdf({ path: told.pdf, format: "Letter", margin: MARGIN });
  // Last, because it moves the focus.
  told.stops = page.keyboard && !view.dark ? await stops(tab) : [];
  await context.close();
  return { ...told, said, asked: asked.filter((address) => address !== page.address) };
}

function measured() {
  const root = document.documentElement;
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > root.clientWidth + 1;
  });
  return {
    title: document.title,
    width: root.clientWidth,
    scrollWidth: root.scrollWidth,
    height: root.scrollHeight,
    wide: wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 120)),
    headings: headings.map((one) => Number(one.tagName[1])),
    landmarks: [...document.querySelectorAll("header, main, nav, footer")].map((one) => one.tagName.toLowerCase()),
  };
}

async function judged(tab, excused) {
  await tab.evaluate(axe);
  const rules = Object.fromEntries(excused.map((rule) => [rule, { enabled: false }]));
  const { violations } = await tab.evaluate((options) => window.axe.run(document, options), { rules, resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) => ({
    rule: id, help, count: nodes.length, where: nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
}

// Every place that the Tab key stops at, in the order in which it does, until it leaves the page.
async function stops(tab) {
  const expected = await tab.evaluate(() => {
    window.scrollTo(0, 0);
    window.reachable = [...document.querySelectorAll("a[href], summary, button, input, select, textarea, [tabindex]")]
      .filter((one) => one.checkVisibility() && one.tabIndex >= 0);
    return window.reachable.length;
  });
  const met = [];
  for (let number = 0; number < Math.min(expected, TABS_AT_MOST); number += 1) {
    await tab.keyboard.press("Tab");
    met.push(await tab.evaluate(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      return {
        place: window.reachable.indexOf(one),
        name: (one.textContent || "").trim().slice(0, 60),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        top: box.top + window.scrollY,
        inView: box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth,
      };
    }));
  }
  return met;
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

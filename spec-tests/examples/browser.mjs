// Drives the page of examples/browser in Chromium as somebody who types: browser.mjs CHROMIUM URL [PICTURE.png]. Speaks Chromium's DevTools protocol
// over its pipe (https://chromedevtools.github.io/devtools-protocol): a JSON text and a zero for each message.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [chromium, url, picture] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "regoc-browser-"));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--window-size=700,470"];
const browser = spawn(chromium, [...flags, "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"], {
  stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
});

const waiting = new Map();
const problems = [];
let [count, rest] = [0, ""];
browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const { id, method, params, result, error } of messages.map((message) => JSON.parse(message))) {
    if (method === "Runtime.exceptionThrown") problems.push(params.exceptionDetails);
    if (id) waiting.get(id)(error ? Promise.reject(new Error(error.message)) : result);
  }
});
const send = (method, params = {}, sessionId) =>
  new Promise((resolve) => {
    waiting.set(++count, resolve);
    browser.stdio[3].write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
  });

try {
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find((target) => target.type === "page");
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  const look = async (expression) => (await page("Runtime.evaluate", { expression, returnByValue: true })).result.value;
  const verdict = () => look("document.getElementById('verdict')?.textContent");
  const until = async (wanted) => {
    for (let round = 0; round < 300 && (await verdict()) !== wanted; round++) await new Promise((ready) => setTimeout(ready, 20));
    assert.equal(await verdict(), wanted);
  };
  const type = async (id, text) => {
    await look(`document.getElementById('${id}').focus(); document.getElementById('${id}').select()`);
    const seen = [];
    for (const key of text) {
      await page("Input.dispatchKeyEvent", { type: "keyDown", key, text: key });
      await page("Input.dispatchKeyEvent", { type: "keyUp", key });
      seen.push(await verdict());
    }
    return seen;
  };
  await page("Runtime.enable");
  await page("Page.enable");
  await page("Page.navigate", { url });
  await until("Yes.");
  const first = await look("document.getElementById('times').dataset.milliseconds");
  // The policy answers at each key: the last letter decides.
  const seen = await type("protocols", "ssh telnet");
  assert.deepEqual(seen, [...Array(9).fill("Yes."), "No: web breaks the rules."]);
  await type("name", "busybox");
  await until("No: busybox breaks the rules.");
  if (picture) {
    await page("Emulation.setDeviceMetricsOverride", { width: 700, height: 470, deviceScaleFactor: 1, mobile: false });
    writeFileSync(picture, Buffer.from((await page("Page.captureScreenshot")).data, "base64"));
  }
  await type("protocols", "https http");
  await until("Yes.");
  await look("document.getElementById('public').click()");
  await until("No: busybox breaks the rules.");
  assert.deepEqual(problems, []);
  console.log(`first decision ${Number(first).toFixed(1)} ms after the fetch`);
} finally {
  browser.kill();
  await new Promise((ended) => (browser.exitCode === null ? browser.on("exit", ended) : ended()));
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

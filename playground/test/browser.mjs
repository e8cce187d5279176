// Debian's Chromium, or the one that CHROMIUM names, without its talk to the outside.
import { chromium } from "playwright-core";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that is ready. */
export async function opened(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForSelector('html[data-ready="yes"]', { timeout: 20_000 });
  return page;
}

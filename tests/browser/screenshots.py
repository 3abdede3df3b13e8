"""Pictures of a running site: python tests/browser/screenshots.py URL OUTDIR [--user NAME --password WORD --page /path]

Every page in light and dark, at 1280 and 390 px. Prints what the browser's console complained of.
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))
from chromium import chromium

SIZES = ((1280, 800), (390, 844))
THEMES = ("light", "dark")


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--page", action="append", default=[], help="one more page; may be given more than once")
    arguments = parser.parse_args()
    arguments.outdir.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for width, height in SIZES:
            for theme in THEMES:
                _round(browser, arguments, (width, height), theme)


def _round(browser: Browser, arguments: argparse.Namespace, size: tuple[int, int], theme: str) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    page.on("console", lambda message: print(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: print(f"{page.url}: {error}"))
    base = arguments.url.rstrip("/")
    paths = ["/accounts/login/", "/accounts/signup/", "/problems/", "/no-such-page/"]
    page.goto(f"{base}/problems/")
    if first := page.locator(".problem-title").first.get_attribute("href", timeout=2_000):
        paths.append(first)
    for path in paths:
        _picture(page, base, path, arguments.outdir, f"{size[0]}-{theme}-anonymous")
    if arguments.user:
        page.goto(f"{base}/accounts/login/")
        page.fill("#id_login", arguments.user)
        page.fill("#id_password", arguments.password)
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        for path in [*paths[2:], "/submissions/", *arguments.page]:
            _picture(page, base, path, arguments.outdir, f"{size[0]}-{theme}")
    context.close()


def _picture(page: Page, base: str, path: str, outdir: Path, prefix: str) -> None:
    page.goto(base + path)
    # A submission that is being judged asks again and again: the network is never idle there.
    page.wait_for_load_state("load")
    page.wait_for_timeout(400)
    name = path.strip("/").replace("/", "_") or "home"
    page.screenshot(path=outdir / f"{prefix}-{name}.png", full_page=size_is_small(page))


def size_is_small(page: Page) -> bool:
    """Phones scroll; the desktop's picture is its first screen."""
    return bool(page.viewport_size and page.viewport_size["width"] < 600)


if __name__ == "__main__":
    main()

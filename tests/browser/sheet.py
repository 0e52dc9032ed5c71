"""The sheet that holds the levers on a narrow page."""


def open_sheet(page):
    """Open it where the page is narrow and it is closed."""
    if page.locator("#sheet").is_visible() and page.evaluate("document.body.dataset.sheet") != "open":
        page.locator("#sheet").click()


def close_sheet(page):
    if page.evaluate("document.body.dataset.sheet") == "open":
        page.locator("#sheet").click()

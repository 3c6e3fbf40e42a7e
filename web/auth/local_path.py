"""Where to go after the login: a page of ours, or the first one."""

HOME = "/"
_LONGEST = 2000
_NOT_PAGES = ("/login", "/logout", "/api/", "/ws", "/metrics", "/static/")


def local_path(given: str | None) -> str:
    """The path, if it can lead nowhere but to one of our pages; else the first page's."""
    if given is None or len(given) > _LONGEST or not given.startswith("/"):
        return HOME
    # Browsers read // and /\ as the beginning of another host, and skip tabs and line ends.
    if given.startswith(("//", "/\\")) or not all("!" <= one <= "~" for one in given):
        return HOME
    if "\\" in given or given.startswith(_NOT_PAGES):
        return HOME
    return given

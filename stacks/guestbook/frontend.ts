// The guestbook's web server, as an image of Debian packages: a page with a form, in Python. It reads
// from replicas, one after the other until one answers, and writes to the leader.

import type { ImageArgs } from "../../components/index.ts";

const app = `import html, os, random, socket
from urllib.parse import parse_qs

import redis

TITLE = os.environ.get("GUESTBOOK_TITLE", "Guestbook")
KEEP = 1000
PAGE = """<!doctype html>
<meta charset="utf-8"><title>%(title)s</title>
<h1>%(title)s</h1>
<form method="post"><input name="entry" maxlength="500" required><button>Sign</button></form>
<ul>%(entries)s</ul>
"""


def password():
    if os.environ.get("REDIS_PASSWORD"):
        return os.environ["REDIS_PASSWORD"]
    with open(os.environ.get("REDIS_PASSWORD_FILE", "/run/secrets/redis-password")) as file:
        return file.read().strip()


def addresses(variable):
    """Every address that the names lead to now, in any order: containers come and go."""
    found = []
    for place in os.environ[variable].split(","):
        host, port = place.rsplit(":", 1)
        try:
            for info in socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM):
                found.append(info[4][:2])
        except OSError:
            continue
    random.shuffle(found)
    return found


def ask(variables, question):
    error = None
    for variable in variables:
        for host, port in addresses(variable):
            client = redis.Redis(host, port, password=password(), decode_responses=True,
                                 socket_timeout=3, socket_connect_timeout=1)
            try:
                return question(client)
            except redis.RedisError as problem:
                error = problem
            finally:
                client.close()
    raise error or redis.ConnectionError("no name leads to a server")


def entries():
    return ask(["REDIS_REPLICAS", "REDIS_LEADER"], lambda client: client.lrange("entries", 0, 99))


def sign(entry):
    def write(client):
        client.lpush("entries", entry)
        client.ltrim("entries", 0, KEEP - 1)
        # So that who signs sees it, though a replica answers.
        client.wait(int(os.environ.get("REDIS_REPLICA_COUNT", "0")), 500)
    ask(["REDIS_LEADER"], write)


def page():
    items = "".join("<li>%s</li>" % html.escape(entry) for entry in entries())
    return PAGE % {"title": html.escape(TITLE), "entries": items}


def answer(environ):
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if path == "/healthz":
        return "200 OK", "well"
    if path != "/":
        return "404 Not Found", "not found"
    if method in ("GET", "HEAD"):
        return "200 OK", page()
    if method != "POST":
        return "405 Method Not Allowed", "not allowed"
    body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), 10000))
    entry = parse_qs(body.decode("utf-8", "replace")).get("entry", [""])[0].strip()[:500]
    if not entry:
        return "400 Bad Request", "an entry is needed"
    sign(entry)
    return "303 See Other", ""


def application(environ, start):
    try:
        status, text = answer(environ)
    except redis.RedisError as error:
        print("redis:", error, flush=True)
        status, text = "503 Service Unavailable", "the entries cannot be reached"
    body = text.encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    if status.startswith("303"):
        headers.append(("Location", "/"))
    start(status, headers)
    return [body]
`;

/** Who runs in its containers. */
export const frontendUid = 65532;

/** Its image. SIGTERM lets requests in flight end. Health: /healthz. */
export const frontendImage: NonNullable<ImageArgs["debian"]> = {
  packages: ["gunicorn", "python3-redis"],
  extraFiles: { "/srv/app/guestbook.py": { content: app } },
  env: { LANG: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
  cmd: [
    ...["gunicorn", "--bind", "0.0.0.0:8080", "--chdir", "/srv/app", "--threads", "8"],
    // No idle connections: none can meet the end of its server.
    ...["--keep-alive", "0", "--graceful-timeout", "8", "--worker-tmp-dir", "/tmp"],
    "guestbook:application",
  ],
  user: `${frontendUid}:${frontendUid}`,
  exposedPorts: ["8080"],
  stopSignal: "SIGTERM",
  labels: { "dockwright.image": "guestbook" },
};

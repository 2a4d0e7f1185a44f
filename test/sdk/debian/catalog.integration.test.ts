// The images of the catalog, built (or taken from the user's cache), and run hardened in a real
// dockerd as their words say: no capability, read-only root, no new privileges.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { until } from "../../support/processes.ts";
import { socketsOf } from "../../support/sockets.ts";
import { suite } from "../../support/suite.ts";
import { addressOf, docker, hardened, healthy, load, prefix, removeAll, run } from "./images.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
}

interface Call {
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function http(url: string, call: Call = {}): Promise<Answer> {
  const body = call.form
    ? new URLSearchParams(call.form).toString()
    : call.json && JSON.stringify(call.json);
  const type = call.form ? "application/x-www-form-urlencoded" : "application/json";
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: body ? "POST" : "GET",
      agent: false,
      // The site keeps the name it was installed under.
      headers: { host: "site.test", ...(body ? { "content-type": type } : {}), ...call.headers },
    });
    sent.on("error", reject);
    sent.on("response", (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: Buffer.concat(parts).toString(),
          cookies: (answer.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0] ?? ""),
        }),
      );
    });
    sent.end(body);
  });
}

/** An answer that has begun, and of which nobody has read anything yet. */
function getting(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, resolve).on("error", reject).end();
  });
}

const images = suite<{ folder: string }>("catalog images", { long: true, timeoutMs: 300_000 });
images.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "dwtest-debian-"));
  await chmod(context.folder, 0o755);
});
images.after(async ({ folder }) => {
  await removeAll();
  await rm(folder, { recursive: true, force: true });
});

images(
  "webServer answers, and a request in flight outlives its stop signal",
  async ({ folder }) => {
    const name = `${prefix}-web`;
    // More than the socket's buffers hold, so that the answer is in flight while the client waits.
    const size = 64 << 20;
    await writeFile(join(folder, "big"), Buffer.alloc(size, "x"));
    await writeFile(join(folder, "index.html"), "<p>mine");
    const health = ["--health-cmd", "dw-health 8080 /"];
    const page = ["-v", `${folder}:/srv/www:ro`];
    await docker(
      "run",
      "-d",
      "--name",
      name,
      ...hardened,
      ...health,
      ...page,
      await load("webServer"),
    );
    await healthy(name);
    const url = `http://${await addressOf(name)}:8080`;
    assert.is((await http(`${url}/`)).body, "<p>mine");
    assert.is((await http(`${url}/none`)).status, 404);

    const pid = await docker("inspect", "-f", "{{.State.Pid}}", name);
    const answer = await getting(`${url}/big`);
    let ended = false;
    const stopped = docker("stop", "-t", "30", name).then(() => {
      ended = true;
    });
    await until("the signal has reached the server", async () => {
      const sockets = await socketsOf(pid, 8080);
      return sockets.every(({ state }) => state !== "listening");
    });
    const hasWritten = async () =>
      (await socketsOf(pid, 8080)).every(({ state }) => state !== "established");
    let bytes = 0;
    let written = false;
    for await (const part of answer as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (written || !(await hasWritten())) continue;
      // The rest fills the buffers of both sides. The server holds on to it; one that let go of it ends
      // here, and its container's network with it.
      written = true;
      await until("the server holds on to its last, or is gone", async () => {
        const sockets = await socketsOf(pid, 8080);
        return ended || (sockets.length > 0 && sockets.every(({ held }) => held));
      });
    }
    assert.ok(written);
    assert.is(bytes, size);
    await stopped;
    assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", name), "0");
  },
);

images("haproxy runs without any capability, and stops on its signal", async () => {
  const name = `${prefix}-haproxy`;
  const config = [
    "defaults",
    "  mode http",
    "  timeout client 5s",
    "  timeout server 5s",
    "  timeout connect 1s",
    "frontend f",
    "  bind :8080",
    "  http-request return status 200",
  ].join("\\n");
  const script = `printf '${config}\\n' > /tmp/c.cfg && exec haproxy -W -db -S /run/dw/master.sock,mode,600 -f /tmp/c.cfg`;
  const health = ["--health-cmd", "dw-health 8080 /", "--tmpfs", "/run/dw:mode=0700"];
  await docker(
    "run",
    "-d",
    "--name",
    name,
    ...hardened,
    ...health,
    await load("haproxy"),
    "sh",
    "-c",
    script,
  );
  await healthy(name);
  const ask = `use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => "/run/dw/master.sock") or die; print $s "show proc\\n"; shutdown($s, 1); print <$s>`;
  assert.match(await docker("exec", name, "perl", "-e", ask), /master.*worker/s);
  await docker("stop", "-t", "10", name);
  assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", name), "0");
});

/** A password that the shell, SQL and PHP would each misread. */
const password = `p'w\\d%s"x$HOME\`id\``;

async function startDatabase(folder: string): Promise<string> {
  const name = `${prefix}-db`;
  await docker(
    "run",
    "-d",
    "--name",
    name,
    "--network",
    prefix,
    "--network-alias",
    "db",
    ...hardened,
    "--health-cmd",
    "dw-health",
    "-e",
    "MARIADB_DATABASE=word_press",
    "-e",
    "MARIADB_USER=wordpress",
    "-v",
    `${name}:/var/lib/mysql`,
    "-v",
    `${folder}/db-password:/run/secrets/db-password:ro`,
    await load("mariadb"),
  );
  await healthy(name);
  return name;
}

async function startSite(folder: string, generation: string): Promise<string> {
  const name = `${prefix}-site-${generation}`;
  await docker(
    "run",
    "-d",
    "--name",
    name,
    "--network",
    prefix,
    ...hardened,
    "--health-cmd",
    "dw-health 8080 /wp-login.php",
    "-e",
    "WORDPRESS_DB_NAME=word_press",
    "-v",
    `${prefix}-content:/var/lib/wordpress/wp-content`,
    "-v",
    `${folder}/db-password:/run/secrets/db-password:ro`,
    "-v",
    `${folder}/salt:/run/secrets/salt:ro`,
    await load("wordpress"),
  );
  await healthy(name);
  return `http://${await addressOf(name)}:8080`;
}

async function signIn(url: string): Promise<string> {
  const form = { log: "admin", pwd: "Xyz123.longpw", testcookie: "1" };
  const headers = { cookie: "wordpress_test_cookie=WP%20Cookie%20check" };
  const answer = await http(`${url}/wp-login.php`, { form, headers });
  assert.is(answer.status, 302);
  return answer.cookies.join("; ");
}

images(
  "WordPress: installed by its own form, and a post outlives its container",
  async ({ folder }) => {
    await writeFile(join(folder, "db-password"), password, { mode: 0o444 });
    await writeFile(join(folder, "salt"), "0123456789abcdef0123456789abcdef", { mode: 0o444 });
    await docker("network", "create", prefix);
    const database = await startDatabase(folder);
    const first = await startSite(folder, "a");
    const form = {
      weblog_title: "Test",
      user_name: "admin",
      admin_password: "Xyz123.longpw",
      admin_password2: "Xyz123.longpw",
      pw_weak: "on",
      admin_email: "admin@example.com",
    };
    const installed = await http(`${first}/wp-admin/install.php?step=2`, { form });
    assert.match(installed.body, /Success!/);

    const cookie = await signIn(first);
    const editor = await http(`${first}/wp-admin/post-new.php`, { headers: { cookie } });
    const nonce = /createNonceMiddleware\( "([0-9a-f]+)"/.exec(editor.body)?.[1] ?? "";
    const headers = { cookie, "x-wp-nonce": nonce };
    const post = { title: "Kept", content: "still here", status: "publish" };
    const written = await http(`${first}/index.php?rest_route=/wp/v2/posts`, {
      json: post,
      headers,
    });
    assert.is(written.status, 201);

    await docker("stop", "-t", "20", `${prefix}-site-a`);
    assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", `${prefix}-site-a`), "0");
    await docker("rm", `${prefix}-site-a`);
    const second = await startSite(folder, "b");
    assert.match((await http(`${second}/`)).body, /Kept/);
    // The keys come from the secret, so that visitors stay signed in.
    const session = await http(`${second}/wp-admin/index.php`, { headers: { cookie } });
    assert.is(session.status, 200);

    const forwarded = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
    await http(`${second}/?seen`, { headers: forwarded });
    assert.match(await docker("logs", `${prefix}-site-b`), /^203\.0\.113\.9 .*\/\?seen/m);

    await docker("stop", "-t", "30", database);
    assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", database), "0");
  },
);

images(
  "MariaDB: a changed password file is a changed password; no password in environment or argv",
  async ({ folder }) => {
    const name = `${prefix}-db`;
    await chmod(join(folder, "db-password"), 0o644);
    await writeFile(join(folder, "db-password"), "changed");
    await docker("start", name);
    await healthy(name);
    const ask = async (secret: string): Promise<string> => {
      const script =
        'printf "[client]\\npassword=%s\\n" "$(cat)" > /tmp/ask.cnf; exec mariadb --defaults-extra-file=/tmp/ask.cnf --protocol=tcp --user=wordpress --execute "SELECT 7" word_press';
      const work = run("docker", ["exec", "-i", name, "bash", "-c", script]);
      work.child.stdin?.end(secret);
      return (await work).stdout;
    };
    assert.match(await ask("changed"), /7/);
    await assertRejects(ask("other"));
    const seen = await docker("exec", name, "bash", "-c", "cat /proc/1/environ /proc/1/cmdline");
    assert.not.match(seen, /changed|p'w/);
    assert.not.match(await docker("logs", name), /changed|p'w/);
  },
);

async function assertRejects(work: Promise<unknown>): Promise<void> {
  const failed = await work.then(
    () => false,
    () => true,
  );
  assert.ok(failed);
}

images("MariaDB: a first start that was cut off begins again", async ({ folder }) => {
  const [name, volume] = [`${prefix}-cut`, `${prefix}-cut`];
  const image = await load("mariadb");
  const mount = ["-v", `${volume}:/var/lib/mysql`];
  const broken =
    "mkdir /var/lib/mysql/mysql; touch /var/lib/mysql/mysql/x /var/lib/mysql/.dockwright-unfinished";
  await docker("run", "--rm", ...mount, "--entrypoint", "bash", image, "-c", broken);
  const secret = ["-v", `${folder}/db-password:/run/secrets/db-password:ro`];
  await docker(
    "run",
    "-d",
    "--name",
    name,
    ...hardened,
    "--health-cmd",
    "dw-health",
    "-e",
    "MARIADB_USER=a",
    ...mount,
    ...secret,
    image,
  );
  await healthy(name);
  await docker("rm", "-f", name);
});
images.run();

// WordPress as a visitor and an author see it: over HTTP, through its own forms.

/** What the author needs to be taken for one. */
export interface Author {
  readonly cookies: string;
  readonly nonce: string;
}

const user = "author";

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

function form(fields: Record<string, string>): URLSearchParams {
  return new URLSearchParams(fields);
}

/** Fills in the installation form; gives what the page then says. */
export async function install(url: string, password: string): Promise<string> {
  const response = await fetch(new URL("wp-admin/install.php?step=2", url), {
    method: "POST",
    body: form({
      weblog_title: "Harbour",
      user_name: user,
      admin_password: password,
      admin_password2: password,
      pw_weak: "on",
      admin_email: "author@example.com",
      Submit: "Install",
    }),
  });
  return response.text();
}

/** Logs in through the form, and finds the number that must come with each change. */
export async function logIn(url: string, password: string): Promise<Author> {
  const response = await fetch(new URL("wp-login.php", url), {
    method: "POST",
    redirect: "manual",
    headers: { cookie: "wordpress_test_cookie=WP%20Cookie%20check" },
    body: form({ log: user, pwd: password, "wp-submit": "Log In", testcookie: "1" }),
  });
  const cookies = cookiesOf(response);
  const editor = await fetch(new URL("wp-admin/post-new.php", url), {
    headers: { cookie: cookies },
  });
  const nonce = /createNonceMiddleware\( "([a-f0-9]+)"/.exec(await editor.text())?.[1];
  if (nonce === undefined) throw new Error(`the editor did not open: status ${editor.status}`);
  return { cookies, nonce };
}

/** Publishes a post. */
export async function publish(url: string, author: Author, title: string): Promise<void> {
  const response = await fetch(new URL("index.php?rest_route=/wp/v2/posts", url), {
    method: "POST",
    headers: {
      cookie: author.cookies,
      "X-WP-Nonce": author.nonce,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      title,
      content: "written before the container was replaced",
      status: "publish",
    }),
  });
  if (response.status !== 201) throw new Error(`the post was refused: status ${response.status}`);
}

/** The front page. */
export async function frontPage(url: string): Promise<string> {
  return (await fetch(url)).text();
}

import * as assert from "uvu/assert";
import { cacheDir } from "../../sdk/cache.ts";
import { SdkError } from "../../sdk/errors.ts";
import { suite } from "../support/suite.ts";

const cache = suite("cacheDir");

const cases: readonly [name: string, env: Record<string, string>, want: string][] = [
  ["DOCKWRIGHT_CACHE is taken as it is", { DOCKWRIGHT_CACHE: "/c", XDG_CACHE_HOME: "/x" }, "/c"],
  ["an empty one counts as unset", { DOCKWRIGHT_CACHE: "", XDG_CACHE_HOME: "/x" }, "/x/dockwright"],
  ["then XDG_CACHE_HOME", { XDG_CACHE_HOME: "/x", HOME: "/h" }, "/x/dockwright"],
  [
    "a relative XDG_CACHE_HOME is ignored",
    { XDG_CACHE_HOME: "x", HOME: "/h" },
    "/h/.cache/dockwright",
  ],
  ["then the home folder", { HOME: "/h" }, "/h/.cache/dockwright"],
];
for (const [name, env, want] of cases) cache(name, () => assert.equal(cacheDir(env), want));

cache("a relative DOCKWRIGHT_CACHE is refused", () => {
  assert.throws(
    () => cacheDir({ DOCKWRIGHT_CACHE: "here" }),
    (error: unknown) => error instanceof SdkError && error.code === "BAD_INPUT",
  );
});

cache.run();

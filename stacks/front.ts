// Where a stack's site answers: the same words in all of them.

/** The address of a stack's site. */
export interface FrontArgs {
  /**
   * The host name that it answers on.
   * @defaultValue every one
   */
  readonly host?: string;
  /**
   * The port of the machine that it answers on. A change interrupts it.
   * @defaultValue 80
   */
  readonly port?: number;
  /**
   * The address of the machine that it answers on. A change interrupts it.
   * @defaultValue all of them
   */
  readonly hostIp?: string;
}

/** The same with its defaults: for a route, for a proxy, and as what a person opens. */
export function frontOf({ host = "*", port = 80, hostIp }: FrontArgs) {
  const opened = host === "*" ? (hostIp ?? "127.0.0.1") : host;
  return {
    host,
    bind: { port, ...(hostIp === undefined ? {} : { hostIp }) },
    url: `http://${opened}:${port}/`,
  };
}

// What differs between the platforms, so that the guestbook itself is described once: where images come
// from, how the parts find each other, and what answers from outside.

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  type DaemonLike,
  debianImages,
  Image,
  type ImageArgs,
  type ImageLike,
  type NetworkLike,
  type OnEach,
  Overlay,
  Proxy,
  type Service,
  type ServiceArgs,
  type ServiceRoute,
  Volume,
} from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";
import { type Anywhere, allOf, isCluster, isHostPool, isSwarm, onEach, urlsOf } from "../pool.ts";

/** Images of a registry, by digest. */
export interface GuestbookImages {
  /** Redis, as `debianImages.redis` is. */
  readonly redis: ImageLike;
  /** The web server, as the stack makes it elsewhere. */
  readonly frontend: ImageLike;
}

interface GroundArgs extends FrontArgs {
  readonly on: Anywhere;
  readonly images?: GuestbookImages;
  readonly encrypted?: boolean;
}

type DebianSpec = NonNullable<ImageArgs["debian"]>;

/** Where Redis keeps what it knows. */
const dataFolder = "/var/lib/redis";

/** What a guestbook stands on. */
export class Ground {
  readonly redis: ServiceArgs["image"];
  readonly frontend: ServiceArgs["image"];
  /** A daemon on which what is of no host is made; none on a cluster. */
  readonly home: DaemonLike | undefined;
  readonly #parent: pulumi.Resource;
  readonly #name: string;
  readonly #args: GroundArgs;
  readonly #network: OnEach<NetworkLike> | undefined;

  constructor(parent: pulumi.Resource, name: string, args: GroundArgs, frontend: DebianSpec) {
    this.#parent = parent;
    this.#name = name;
    this.#args = args;
    this.home = this.#homeOf();
    this.#network = this.#makeNetwork();
    this.redis = args.images?.redis ?? this.#image("redis", debianImages.redis);
    this.frontend = args.images?.frontend ?? this.#image("frontend", frontend);
  }

  /** The networks of a part of it, on which it is found as `alias` where names reach that far. */
  networks(alias: string): Pick<ServiceArgs, "networks"> {
    if (this.#network === undefined) return {};
    if (!this.#isByAlias() || "perHost" in this.#network) return { networks: [this.#network] };
    return { networks: [{ networkName: this.#network.networkName, aliases: [alias] }] };
  }

  /** Where the other parts reach a service: `HOST:PORT`, several with commas between them. */
  addresses({ endpoints }: Service, alias: string, port: number): pulumi.Input<string> {
    return this.#isByAlias() ? `${alias}:${port}` : endpoints.apply((all) => all.join(","));
  }

  /** A secret as a file in memory; ECS has none, and gives it as a variable. */
  secret(
    file: string,
    variable: string,
    value: pulumi.Input<string>,
  ): Pick<ServiceArgs, "secrets" | "secretEnv"> {
    const { on } = this.#args;
    const isEcs = isCluster(on) && on.clusterKind === "ecs";
    return isEcs ? { secretEnv: { [variable]: value } } : { secrets: { [file]: value } };
  }

  /** What the leader keeps its entries on, where the program does not say. */
  data(): NonNullable<ServiceArgs["volumes"]> {
    const { on } = this.#args;
    if (isCluster(on)) return [];
    const volume = onEach(on, `${this.#name}-data`, ({ daemon, name }) => {
      return new Volume(name, { daemon }, { parent: this.#parent });
    });
    return [{ volume, target: dataFolder }];
  }

  /** What answers for it: proxies, or what a cluster has for that. */
  routes(host: string): readonly ServiceRoute[] {
    const { on } = this.#args;
    if (isCluster(on) && !isSwarm(on)) return [{ host }];
    return [{ host, proxy: this.#makeProxies() }];
  }

  /** Where it answers. */
  urls(endpoints: pulumi.Output<readonly string[]>): pulumi.Output<readonly string[]> {
    const { on } = this.#args;
    const { host, bind } = frontOf(this.#args);
    if (!isCluster(on)) return urlsOf(on, this.#args);
    if (!isSwarm(on)) {
      return endpoints.apply((all) => all.filter((one) => /^https?:/.test(one)));
    }
    if (host !== "*") return pulumi.output([`http://${host}:${bind.port}/`]);
    const addresses = this.#edges().map(([, { address }]) => address);
    return pulumi.all(addresses).apply((all) => all.map((at) => `http://${at}:${bind.port}/`));
  }

  /** On a pool a name of one host's bridge is not known on the others; a cluster has its own names. */
  #isByAlias(): boolean {
    const { on } = this.#args;
    return isCluster(on) ? isSwarm(on) : !isHostPool(on);
  }

  #homeOf(): DaemonLike | undefined {
    const { on } = this.#args;
    if (isCluster(on)) return undefined;
    return isHostPool(on) ? allOf(on.each((daemon) => daemon))[0] : on;
  }

  #makeNetwork(): OnEach<NetworkLike> | undefined {
    const { on, encrypted = true } = this.#args;
    const parent = { parent: this.#parent };
    const name = `${this.#name}-inside`;
    if (isSwarm(on)) return new Overlay(name, { on, encrypted }, parent);
    if (isCluster(on)) return undefined;
    return onEach(on, name, (place) => {
      return new Bridge(place.name, { daemon: place.daemon }, parent);
    });
  }

  #image(part: string, debian: DebianSpec): ServiceArgs["image"] {
    const { on } = this.#args;
    const parent = { parent: this.#parent };
    const name = `${this.#name}-${part}-image`;
    if (isSwarm(on)) return on.image(name, { debian }, parent);
    if (isCluster(on)) throw new Error(`an image of a registry is needed for ${part}`);
    return onEach(on, name, (place) => {
      return new Image(place.name, { daemon: place.daemon, debian }, parent);
    });
  }

  /** The nodes of a swarm that have a proxy: its managers. */
  #edges() {
    const { on } = this.#args;
    return isSwarm(on) ? Object.entries(on.nodes).filter(([, { role }]) => role === "manager") : [];
  }

  #makeProxies(): OnEach<Proxy> {
    const { on } = this.#args;
    const { bind } = frontOf(this.#args);
    const parent = { parent: this.#parent };
    const name = `${this.#name}-edge`;
    if (isSwarm(on)) {
      const made = this.#edges().map(([node, { daemon }]) => {
        const front = new Bridge(`${this.#name}-front-${node}`, { daemon }, parent);
        const args = { on: daemon, networks: [front], ...bind };
        return [node, new Proxy(`${name}-${node}`, args, parent)] as const;
      });
      return { perHost: Object.fromEntries(made) };
    }
    if (isCluster(on)) throw new Error("a cluster answers by itself");
    const inside = this.#network as OnEach<NetworkLike>;
    return onEach(on, name, (place) => {
      const args = { on: place.daemon, networks: [place.of(inside)], ...bind };
      return new Proxy(place.name, args, parent);
    });
  }
}

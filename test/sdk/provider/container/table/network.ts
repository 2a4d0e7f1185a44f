// Networks, names and ports. Host ports are the daemon's choice, so that rows run side by side.
import type { Table } from "./row.ts";

export const networkRows: Table = {
  networks: {
    differs: true,
    value: [
      { network: "$net1", aliases: ["shop", "api"], ipv4Address: "10.213.1.9" },
      { network: "$net2", aliases: ["back"] },
    ],
    body: {
      HostConfig: { NetworkMode: "$net1" },
      NetworkingConfig: {
        EndpointsConfig: {
          $net1: { Aliases: ["shop", "api"], IPAMConfig: { IPv4Address: "10.213.1.9" } },
        },
      },
    },
    changed: {
      value: [
        { network: "$net1", aliases: ["shop", "api"], ipv4Address: "10.213.1.9" },
        { network: "$net2", aliases: ["rear"], driverOptions: { "com.example.a": "1" } },
        { network: "$net3" },
      ],
      places: {
        "networks[1].aliases[0]": "update",
        "networks[1].driverOptions": "add",
        "networks[2]": "add",
      },
    },
    removed: { networks: "delete_replace" },
    behind: {
      act: (docker, id, name) => docker.networks.disconnect(name("$net2"), id),
      places: {
        "networks[1].aliases": "add",
        "networks[1].driverOptions": "add",
        "networks[1].network": "update",
        "networks[2]": "add",
      },
    },
  },
  networkMode: {
    value: "none",
    body: { HostConfig: { NetworkMode: "none" } },
    changed: { value: "container:$holder", places: { networkMode: "update_replace" } },
  },
  networkDisabled: { value: true, body: { NetworkDisabled: true } },
  macAddress: {
    differs: true,
    value: "02:42:0a:d5:01:77",
    body: { MacAddress: "02:42:0a:d5:01:77" },
    changed: { value: "02:42:0a:d5:01:78", places: { macAddress: "update_replace" } },
  },
  extraHosts: {
    value: { db: "10.0.0.5", six: "fd00::1" },
    body: { HostConfig: { ExtraHosts: ["db:10.0.0.5", "six:fd00::1"] } },
    changed: {
      value: { db: "10.0.0.6", six: "fd00::1" },
      places: { "extraHosts.db": "update_replace" },
    },
  },
  dns: {
    value: ["10.0.0.53", "10.0.0.52"],
    body: { HostConfig: { Dns: ["10.0.0.53", "10.0.0.52"] } },
    changed: { value: ["10.0.0.53"], places: { "dns[1]": "delete_replace" } },
  },
  dnsOptions: {
    value: ["ndots:2"],
    body: { HostConfig: { DnsOptions: ["ndots:2"] } },
    changed: { value: ["ndots:3"], places: { "dnsOptions[0]": "update_replace" } },
  },
  dnsSearch: {
    value: ["example.com"],
    body: { HostConfig: { DnsSearch: ["example.com"] } },
    changed: { value: ["example.org"], places: { "dnsSearch[0]": "update_replace" } },
  },
  links: {
    value: ["$holder:db"],
    body: { HostConfig: { Links: ["$holder:db"] } },
    changed: { value: ["$holder:store"], places: { "links[0]": "update_replace" } },
  },
  ports: {
    value: [
      { containerPort: 80, hostPort: 32_201, hostPortEnd: 32_240, hostIp: "127.0.0.1" },
      { containerPort: 80, hostIp: "127.0.0.2" },
      { containerPort: 53, protocol: "udp" },
    ],
    body: {
      HostConfig: {
        PortBindings: {
          "80/tcp": [
            { HostIp: "127.0.0.1", HostPort: "32201-32240" },
            { HostIp: "127.0.0.2", HostPort: "" },
          ],
          "53/udp": [{ HostIp: "", HostPort: "" }],
        },
      },
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
    },
    changed: {
      value: [
        { containerPort: 80, hostPort: 32_201, hostPortEnd: 32_240, hostIp: "127.0.0.1" },
        { containerPort: 81, hostIp: "127.0.0.2" },
        { containerPort: 53, protocol: "udp" },
      ],
      places: { "ports[1].containerPort": "update_replace" },
    },
  },
  publish: {
    differs: true,
    value: ["127.0.0.1:32241-32280:8082", "127.0.0.1::53/udp", "7000-7002"],
    body: {
      HostConfig: {
        PortBindings: {
          "8082/tcp": [{ HostIp: "127.0.0.1", HostPort: "32241-32280" }],
          "53/udp": [{ HostIp: "127.0.0.1", HostPort: "" }],
          "7000/tcp": [{ HostIp: "", HostPort: "" }],
          "7001/tcp": [{ HostIp: "", HostPort: "" }],
          "7002/tcp": [{ HostIp: "", HostPort: "" }],
        },
      },
      ExposedPorts: {
        "8082/tcp": {},
        "53/udp": {},
        "7000/tcp": {},
        "7001/tcp": {},
        "7002/tcp": {},
      },
    },
    changed: {
      value: ["127.0.0.1:32241-32280:8082", "127.0.0.1::53/udp", "7000-7003"],
      places: { "publish[2]": "update_replace" },
    },
  },
  publishAllPorts: { value: true, body: { HostConfig: { PublishAllPorts: true } } },
  exposedPorts: {
    differs: true,
    value: ["80", "53/udp"],
    body: { ExposedPorts: { "80/tcp": {}, "53/udp": {} } },
    changed: { value: ["80"], places: { "exposedPorts[1]": "delete_replace" } },
    // An import tells the protocol too.
    adopted: { "exposedPorts[0]": "update_replace", "exposedPorts[1]": "update_replace" },
  },
};

// The program whose updates are killed. DWTEST_SCENE says what it declares, DWTEST_STAGE whether nothing
// of it (0), the first form (1) or the second (2).

export const killProgram = `
import { Bridge, Container, Image, ImagePush, LocalDaemon, Volume, VolumeBackup } from "dockwright";
const { DWTEST_SOCKET, DWTEST_SCENE, DWTEST_STAGE, DWTEST_NAME, DWTEST_REGISTRY } = process.env;
const daemon = new LocalDaemon("local", { socketPath: DWTEST_SOCKET });
const stage = Number(DWTEST_STAGE);
const image = { ref: DWTEST_NAME + "-base:1" };
const auth = { username: "me", password: "dwtest-secret" };
const volume = { volumeName: DWTEST_NAME + "-data" };
const plain = { daemon, image, stopGraceMs: 0, init: true, ready: { runningMs: 1 } };
const mib = 1024 * 1024;
const net = (name) => ({ networkName: DWTEST_NAME + "-" + name });

const scenes = {
  container: () => new Container("box", {
    ...plain,
    files: { "/srv/page": { content: "x" } },
    memoryBytes: (16 + 16 * stage) * mib,
    networks: stage === 1 ? [net("a"), net("b")] : [net("a")],
  }),
  secrets: () => new Container("box", { ...plain, secrets: { key: "dwtest-hidden" } }),
  network: () => new Bridge("net", { daemon, internal: true }),
  volume: () => new Volume("vol", { daemon, delete: true }),
  restore: () => new Volume("vol", { daemon, delete: true, restoreFrom: "data.tar" }),
  backup: () => new VolumeBackup("copy", { daemon, volume, path: "out.tar", delete: true }),
  stopped: () => new VolumeBackup("copy", {
    daemon, volume, path: "out.tar", delete: true, consistency: "stop",
  }),
  build: () => new Image("made", { daemon, build: { context: "context" } }),
  rootfs: () => new Image("made", { daemon, rootfs: { path: "root.tar" } }),
  load: () => new Image("made", { daemon, load: { path: "saved.tar" } }),
  commit: () => new Image("made", { daemon, commit: { container: DWTEST_NAME + "-user" } }),
  pull: () => new Image("made", { daemon, pull: { ref: DWTEST_REGISTRY + "/up:1", auth } }),
  push: () => new ImagePush("sent", { daemon, image: image.ref, to: DWTEST_REGISTRY + "/sent:1", auth }),
};
if (stage > 0) scenes[DWTEST_SCENE]();
`;

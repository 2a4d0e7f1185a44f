// All rules, in the order of the benchmark.
import type { Rule } from "../rule.ts";
import { clientCertificateShortLived } from "./connection/client-certificate-short-lived.ts";
import { hostKeyChecked } from "./connection/host-key-checked.ts";
import { noPlainTcp } from "./connection/no-plain-tcp.ts";
import { noSshPassword } from "./connection/no-ssh-password.ts";
import { apparmorNotUnconfined } from "./container/apparmor-not-unconfined.ts";
import { capabilitiesDropped } from "./container/capabilities-dropped.ts";
import { cgroupParentUsual } from "./container/cgroup-parent-usual.ts";
import { cpuLimited } from "./container/cpu-limited.ts";
import { healthChecked } from "./container/health-checked.ts";
import { imageByDigest } from "./container/image-by-digest.ts";
import { imageHasAVersion } from "./container/image-has-a-version.ts";
import { logsRotated } from "./container/logs-rotated.ts";
import { memoryLimited } from "./container/memory-limited.ts";
import { noDacReadSearch } from "./container/no-dac-read-search.ts";
import { noDockerSocket } from "./container/no-docker-socket.ts";
import { noHostDevices } from "./container/no-host-devices.ts";
import { noHostIpc } from "./container/no-host-ipc.ts";
import { noHostNetwork } from "./container/no-host-network.ts";
import { noHostPid } from "./container/no-host-pid.ts";
import { noHostUserns } from "./container/no-host-userns.ts";
import { noHostUts } from "./container/no-host-uts.ts";
import { noNewPrivileges } from "./container/no-new-privileges.ts";
import { noPrivilegedHostPorts } from "./container/no-privileged-host-ports.ts";
import { noPublishAll } from "./container/no-publish-all.ts";
import { noSecretsInEnv } from "./container/no-secrets-in-env.ts";
import { noSensitiveHostFolders } from "./container/no-sensitive-host-folders.ts";
import { noSharedPropagation } from "./container/no-shared-propagation.ts";
import { noSysAdmin } from "./container/no-sys-admin.ts";
import { noSysModule } from "./container/no-sys-module.ts";
import { noSysPtrace } from "./container/no-sys-ptrace.ts";
import { notOnDefaultBridge } from "./container/not-on-default-bridge.ts";
import { notPrivileged } from "./container/not-privileged.ts";
import { notRoot } from "./container/not-root.ts";
import { pidsLimited } from "./container/pids-limited.ts";
import { portsOnOneAddress } from "./container/ports-on-one-address.ts";
import { readOnlyRoot } from "./container/read-only-root.ts";
import { restartIsBounded } from "./container/restart-is-bounded.ts";
import { seccompNotUnconfined } from "./container/seccomp-not-unconfined.ts";
import { selinuxNotDisabled } from "./container/selinux-not-disabled.ts";
import { trustedRegistry } from "./container/trusted-registry.ts";
import { ulimitsOnPurpose } from "./container/ulimits-on-purpose.ts";
import { authorizationPlugin } from "./daemon/authorization-plugin.ts";
import { baseDeviceSize } from "./daemon/base-device-size.ts";
import { daemonCgroupParent } from "./daemon/daemon-cgroup-parent.ts";
import { daemonLogsRotated } from "./daemon/daemon-logs-rotated.ts";
import { daemonNoNewPrivileges } from "./daemon/daemon-no-new-privileges.ts";
import { daemonSeccomp } from "./daemon/daemon-seccomp.ts";
import { defaultUlimits } from "./daemon/default-ulimits.ts";
import { iptablesOn } from "./daemon/iptables-on.ts";
import { liveRestore } from "./daemon/live-restore.ts";
import { logLevelInfo } from "./daemon/log-level-info.ts";
import { noAufs } from "./daemon/no-aufs.ts";
import { noExperimental } from "./daemon/no-experimental.ts";
import { noIcc } from "./daemon/no-icc.ts";
import { noInsecureRegistries } from "./daemon/no-insecure-registries.ts";
import { noUserlandProxy } from "./daemon/no-userland-proxy.ts";
import { remoteLogging } from "./daemon/remote-logging.ts";
import { tcpWithTls } from "./daemon/tcp-with-tls.ts";
import { usernsRemapped } from "./daemon/userns-remapped.ts";
import { execNotPrivileged } from "./exec/exec-not-privileged.ts";
import { execNotRoot } from "./exec/exec-not-root.ts";
import { authorityCertificateKept } from "./host/authority-certificate-kept.ts";
import { daemonJsonKept } from "./host/daemon-json-kept.ts";
import { dockerDefaultsKept } from "./host/docker-defaults-kept.ts";
import { dockerFolderKept } from "./host/docker-folder-kept.ts";
import { dockerGroupListed } from "./host/docker-group-listed.ts";
import { dockerUnitKept } from "./host/docker-unit-kept.ts";
import { engineVersionCurrent } from "./host/engine-version-current.ts";
import { packageVersionPinned } from "./host/package-version-pinned.ts";
import { registryCertificatesKept } from "./host/registry-certificates-kept.ts";
import { serverCertificateKept } from "./host/server-certificate-kept.ts";
import { serverKeyKept } from "./host/server-key-kept.ts";
import { noSecretsInBuildArgs } from "./image/no-secrets-in-build-args.ts";
import { overlayEncrypted } from "./network/overlay-encrypted.ts";

/** All rules of the pack, in the order of the benchmark. */
export const rules: readonly Rule[] = [
  apparmorNotUnconfined,
  selinuxNotDisabled,
  capabilitiesDropped,
  noDacReadSearch,
  noSysModule,
  noSysAdmin,
  noSysPtrace,
  notPrivileged,
  noSensitiveHostFolders,
  noPrivilegedHostPorts,
  noPublishAll,
  noHostNetwork,
  memoryLimited,
  cpuLimited,
  readOnlyRoot,
  portsOnOneAddress,
  restartIsBounded,
  noHostPid,
  noHostIpc,
  noHostDevices,
  ulimitsOnPurpose,
  noSharedPropagation,
  noHostUts,
  seccompNotUnconfined,
  cgroupParentUsual,
  noNewPrivileges,
  healthChecked,
  imageHasAVersion,
  pidsLimited,
  notOnDefaultBridge,
  noHostUserns,
  noDockerSocket,
  notRoot,
  trustedRegistry,
  imageByDigest,
  noSecretsInEnv,
  logsRotated,
  execNotPrivileged,
  execNotRoot,
  noSecretsInBuildArgs,
  overlayEncrypted,
  noIcc,
  logLevelInfo,
  iptablesOn,
  noInsecureRegistries,
  noAufs,
  tcpWithTls,
  defaultUlimits,
  usernsRemapped,
  daemonCgroupParent,
  baseDeviceSize,
  authorizationPlugin,
  remoteLogging,
  daemonNoNewPrivileges,
  liveRestore,
  noUserlandProxy,
  daemonSeccomp,
  noExperimental,
  daemonLogsRotated,
  dockerGroupListed,
  engineVersionCurrent,
  packageVersionPinned,
  dockerUnitKept,
  dockerFolderKept,
  registryCertificatesKept,
  authorityCertificateKept,
  serverCertificateKept,
  serverKeyKept,
  daemonJsonKept,
  dockerDefaultsKept,
  hostKeyChecked,
  noSshPassword,
  noPlainTcp,
  clientCertificateShortLived,
];

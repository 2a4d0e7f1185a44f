// A kubeconfig for GKE. The helper that it names logs in by itself, so nothing in it is a credential; it
// is kept secret all the same, since it tells where the cluster is.

/** Where a cluster is, and the authority of its certificate as base64. */
export interface Reached {
  readonly context: string;
  readonly endpoint: string;
  readonly certificate: string;
}

export function kubeconfigOf({ context, endpoint, certificate }: Reached): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
    installHint: "install gke-gcloud-auth-plugin, a component of the Google Cloud CLI",
    provideClusterInfo: true,
    interactiveMode: "Never",
  };
  const cluster = { "certificate-authority-data": certificate, server: `https://${endpoint}` };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: context, cluster }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    users: [{ name: context, user: { exec } }],
  });
}

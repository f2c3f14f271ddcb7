/** The folder of `controlplane` and `helm`; builds them when this machine has not got them yet. */
export function controlPlaneDir(): Promise<string>

// Judges rendered manifests, one file per argument, by the schemas of the Kubernetes API: types, required fields, patterns.
import { loadFile } from "@kosko/yaml";

// Of objects that are not Kubernetes' own.
const packages = {
  "cert-manager.io/v1": "cert-manager",
  "cloud.google.com/v1": "gke",
  "networking.gke.io/v1": "gke",
  "gateway.networking.k8s.io/v1": "gateway-api",
  "monitoring.coreos.com/v1": "prometheus-operator",
};

async function model(manifest) {
  if (typeof manifest.validate === "function" || !packages[manifest.apiVersion]) return manifest;
  const types = await import(`@kubernetes-models/${packages[manifest.apiVersion]}/${manifest.apiVersion}/${manifest.kind}`);
  const type = types[manifest.kind] ?? types.default[manifest.kind];
  return new type(manifest);
}

let failed = 0;
for (const file of process.argv.slice(2)) {
  const manifests = await loadFile(file)();
  for (const raw of manifests) {
    const manifest = await model(raw);
    const name = `${manifest.kind}/${manifest.metadata?.name}`;
    if (typeof manifest.validate !== "function") {
      console.log(`FAILED  ${file} ${name}: no schema for ${manifest.apiVersion}`);
      failed++;
      continue;
    }
    try {
      manifest.validate();
    } catch (error) {
      console.log(`FAILED  ${file} ${name}: ${error.message}`);
      failed++;
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;

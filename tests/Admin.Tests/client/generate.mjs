// Generates a client from docs/openapi.json with oazapfts, and uses it: node generate.mjs DOCUMENT URL TOKEN
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generateSource } from "oazapfts";
import ts from "typescript";

const [document, url, token] = process.argv.slice(2);
const out = join(dirname(fileURLToPath(import.meta.url)), "out", String(process.pid));
await mkdir(out, { recursive: true });

const source = await generateSource(document);
const compiled = ts.transpileModule(source, {
  reportDiagnostics: true,
  compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
});
if (compiled.diagnostics.length > 0) throw new Error(ts.formatDiagnostics(compiled.diagnostics, { getNewLine: () => "\n", getCurrentDirectory: () => out, getCanonicalFileName: (f) => f }));
const file = join(out, "client.mjs");
await writeFile(file, compiled.outputText);

const api = await import(pathToFileURL(file));
api.defaults.baseUrl = url;
api.defaults.headers = { authorization: `Bearer ${token}` };

function created(reply) {
  if (reply.status !== 201) throw new Error(JSON.stringify(reply));
  return reply.data;
}
const site = created(await api.createSite({ name: "Generated" }));
const gatewayToken = created(await api.createGatewayToken(site.id));
const resource = created(await api.createResource({ type: "dns", name: "Wiki", address: "**.wiki.example.com", site_id: site.id, filters: [{ protocol: "tcp", ports: ["443"] }] }));
const groups = await api.listGroups({ name: "everyone" });
const policy = created(await api.createPolicy({ group_id: groups.data.data[0].id, resource_id: resource.id }));
console.log(JSON.stringify({ site: site.id, token: gatewayToken.token, resource: resource.id, policy: policy.id }));

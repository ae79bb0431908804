// Makes firezone-orleans/README.md from README.in and the comments of values.yaml. Without --write: says whether it is up to date.
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("./firezone-orleans/", import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), "utf8");

// The values file is plain: mappings, lists of scalars, comments before keys. Anything else is a mistake here.
function parse(text) {
  const root = { indent: -1, path: "", children: [] };
  const stack = [root];
  let comment = [];
  text.split("\n").forEach((line, index) => {
    if (!line.trim()) { comment = []; return; }
    const remark = /^\s*# ?(.*)$/.exec(line);
    if (remark) { comment.push(remark[1]); return; }
    const item = /^(\s*)- (.*)$/.exec(line);
    if (item) { stack.at(-1).items = [...(stack.at(-1).items ?? []), item[2]]; return; }
    const entry = /^(\s*)([^\s:#][^:]*):(?: (.*))?$/.exec(line);
    if (!entry) throw new Error(`values.yaml:${index + 1}: cannot be read`);
    while (stack.at(-1).indent >= entry[1].length) stack.pop();
    const parent = stack.at(-1);
    const node = {
      indent: entry[1].length,
      key: entry[2],
      path: parent.path ? `${parent.path}.${entry[2]}` : entry[2],
      text: comment.join(" "),
      value: entry[3] ?? "",
      line: index + 1,
      children: [],
    };
    comment = [];
    parent.children.push(node);
    stack.push(node);
  });
  return root;
}

function shown(node) {
  if (node.items) return `[${node.items.join(", ")}]`;
  if (node.children.length) return `{${node.children.map((child) => `${child.key}: ${shown(child)}`).join(", ")}}`;
  return node.value;
}

function* rows(node) {
  for (const child of node.children) {
    const isGroup = child.children.some((c) => c.text || c.children.some((g) => g.text));
    if (child.text && !(isGroup && child.children.length)) {
      const value = shown(child);
      yield `| \`${child.path}\` | ${value ? `\`${value}\`` : "–"} | ${child.text.replaceAll("|", "\\|")} |`;
    } else if (child.children.length) {
      yield* rows(child);
    } else {
      throw new Error(`values.yaml:${child.line}: ${child.path} has no comment`);
    }
  }
}

const sections = parse(read("values.yaml")).children.map((child) => [...rows({ children: [child] })]).flat();
const table = ["| Value | Default | |", "| --- | --- | --- |", ...sections].join("\n");
const wanted = readFileSync(new URL("./README.in", import.meta.url), "utf8").replace("<!-- values -->", () => table);
if (process.argv.includes("--write")) {
  writeFileSync(new URL("README.md", folder), wanted);
} else {
  let present = "";
  try { present = read("README.md"); } catch { /* It is missing. */ }
  if (present === wanted) {
    console.log("ok      README.md");
  } else {
    console.log("FAILED  README.md is not what values.yaml says; helm/check --readme makes it anew");
    process.exitCode = 1;
  }
}

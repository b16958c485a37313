// Parses YAML files. With --kubernetes it also validates each document against the schema of its kind; the schemas of custom resources that
// no package has are read from the definitions in the folder PARTS_CRDS.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const modules = process.env.CHECK_MODULES;
const require = createRequire(`${modules}/`);
const yaml = require('js-yaml');
const [option, ...files] = process.argv.slice(2);

function modelOf({ apiVersion, kind }) {
  const library = apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models';
  return require(`${library}/${apiVersion}/${kind}`)[kind];
}

// A field that the definition does not have is an error, as with `kubectl apply --validate=strict`.
function strict(schema) {
  if (!schema || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, Array.isArray(value) ? value : strict(value)]));
  if (schema.properties && !schema.additionalProperties && !schema['x-kubernetes-preserve-unknown-fields']) {
    copy.additionalProperties = false;
  }
  if (schema['x-kubernetes-int-or-string']) copy.type = ['integer', 'string'];
  return copy;
}

function definitionOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.split('/');
  for (const file of fs.readdirSync(process.env.PARTS_CRDS).filter((f) => /\.ya?ml$/.test(f))) {
    for (const crd of yaml.loadAll(fs.readFileSync(`${process.env.PARTS_CRDS}/${file}`, 'utf8')).filter((d) => d)) {
      if (crd.kind === 'CustomResourceDefinition' && crd.spec.group === group && crd.spec.names.kind === kind) {
        return crd.spec.versions.find((v) => v.name === version).schema.openAPIV3Schema;
      }
    }
  }
  throw new Error(`no file in ${process.env.PARTS_CRDS} defines ${kind} of ${apiVersion}`);
}

function validateCustom(document) {
  const schema = strict(definitionOf(document));
  schema.properties.metadata = { type: 'object' };
  const Ajv = require('ajv').default;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  if (!ajv.validate(schema, document)) throw new Error(`${document.kind}: ${ajv.errorsText(undefined, { separator: '; ' })}`);
}

const custom = /^(rabbitmq\.com|postgresql\.cnpg\.io)\//;
function validate(document) {
  if (!custom.test(document.apiVersion)) new (modelOf(document))(document).validate();
  else if (process.env.PARTS_CRDS) validateCustom(document);
}

let failed = 0;
for (const file of files) {
  try {
    const documents = yaml.loadAll(fs.readFileSync(file, 'utf8')).filter((d) => d);
    if (option === '--kubernetes') {
      documents.forEach(validate);
    }
    console.log(`  ${file}: ${documents.length} document(s)`);
  } catch (error) {
    failed++;
    console.log(`  ${file}: ${error.message.split('\n')[0]}`);
  }
}
process.exit(failed ? 1 : 0);

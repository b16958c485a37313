// Parses YAML files. With --kubernetes it also validates each document against the schema of its kind.
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

let failed = 0;
for (const file of files) {
  try {
    const documents = yaml.loadAll(fs.readFileSync(file, 'utf8')).filter((d) => d);
    if (option === '--kubernetes') {
      for (const document of documents) new (modelOf(document))(document).validate();
    }
    console.log(`  ${file}: ${documents.length} document(s)`);
  } catch (error) {
    failed++;
    console.log(`  ${file}: ${error.message.split('\n')[0]}`);
  }
}
process.exit(failed ? 1 : 0);

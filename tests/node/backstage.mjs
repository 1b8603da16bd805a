// Reads a descriptor file from standard input and judges it as a Backstage does that ingests it.
// Writes JSON: how many entities of each kind, what is wrong with any of them, what they refer to
// that is not there, and where a location's targets lead.
//
//   node backstage.mjs URL_OF_THE_FILE < catalog-info.yaml

import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import * as model from '@backstage/catalog-model';
import Ajv from 'ajv';
import { parse, parseAllDocuments } from 'yaml';

const asyncapi = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.1.0.json');

// As @backstage/plugin-catalog-backend puts them together.
const policy = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.DefaultNamespaceEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
  new model.FieldFormatEntityPolicy(),
]);
const kinds = [
  model.apiEntityV1alpha1Validator,
  model.componentEntityV1alpha1Validator,
  model.domainEntityV1alpha1Validator,
  model.groupEntityV1alpha1Validator,
  model.locationEntityV1alpha1Validator,
  model.resourceEntityV1alpha1Validator,
  model.systemEntityV1alpha1Validator,
];
// What each member of a spec refers to where the reference names no kind.
const references = {
  owner: 'group',
  system: 'system',
  domain: 'domain',
  providesApis: 'api',
  consumesApis: 'api',
  dependsOn: 'component',
};
// The schema brings its own meta-schema along.
const isAsyncApi = new Ajv({
  meta: false,
  validateSchema: false,
  strict: false,
  logger: false,
  validateFormats: false,
}).compile(asyncapi);

async function problemsOf(entity) {
  const told = [];
  try {
    await policy.enforce(structuredClone(entity));
    const checks = await Promise.all(kinds.map(kind => kind.check(entity)));
    if (!checks.includes(true)) told.push('is of no kind that is known');
  } catch (error) {
    told.push(error.message);
  }
  if (entity.kind === 'API' && !isAsyncApi(parse(entity.spec.definition))) {
    told.push(`AsyncAPI: ${JSON.stringify(isAsyncApi.errors.slice(0, 3))}`);
  }
  return told.map(problem => `${model.stringifyEntityRef(entity)}: ${problem}`);
}

function* referencesOf(entity) {
  for (const [member, defaultKind] of Object.entries(references)) {
    for (const ref of [entity.spec[member] ?? []].flat()) {
      const defaultNamespace = entity.metadata.namespace ?? 'default';
      yield model.stringifyEntityRef(model.parseEntityRef(ref, { defaultKind, defaultNamespace }));
    }
  }
}

const base = process.argv[2];
const entities = parseAllDocuments(await text(process.stdin), { merge: false }).flatMap(document => {
  if (document.errors.length) throw document.errors[0];
  return document.toJS() ?? [];
});
// Packages that take long to load, where they are asked.
const has = kind => entities.some(entity => entity.kind === kind);
if (has('Template')) {
  const scaffolder = await import('@backstage/plugin-scaffolder-common');
  kinds.push(scaffolder.templateEntityV1beta3Validator);
}
const integration = has('Location') ? await import('@backstage/integration') : undefined;
const names = entities.map(entity => model.stringifyEntityRef(entity));
const wanted = new Set(entities.flatMap(entity => [...referencesOf(entity)]));
const count = {};
for (const { kind } of entities) count[kind] = (count[kind] ?? 0) + 1;

console.log(
  JSON.stringify({
    kinds: count,
    names,
    twice: names.filter((name, place) => names.indexOf(name) !== place),
    problems: (await Promise.all(entities.map(problemsOf))).flat(),
    dangling: [...wanted].filter(ref => !names.includes(ref)),
    targets: entities
      .filter(entity => entity.kind === 'Location')
      .flatMap(entity => entity.spec.targets.map(url => integration.defaultScmResolveUrl({ url, base }))),
  }),
);

// What a host is asked (../README.md), for any loader in any engine for JavaScript. A loader compiles bytes to a module and makes policies of
// it; a policy takes data as text, reads and answers inputs, and tells how large its memory is. Inputs are read to what programs have (objects,
// of which SDKs make text in each decision), or where decisions are timed kept as text: that work would be the same for every module. So are
// documents of 1 MB.

// Runs a mode and answers its report. `read` reads a file of the folder into an ArrayBuffer.
export async function run(mode, { name, loader, read, engine }, count) {
  const folder = JSON.parse(new TextDecoder().decode(await read("cases.json")));
  const report = await modes[mode]({ loader, read, folder, count });
  return { host: name, engine, ...report };
}

// A message of anything that was thrown: SDKs throw texts, too.
export const message = (error) => error?.message ?? String(error);

// The function behind a builtin: takes and gives JSON texts; undefined is no answer.
export function builtin({ answer, arguments: echo, throws }) {
  return (...texts) => {
    if (throws !== undefined) throw new Error(`host: ${throws}`);
    return echo ? `[${texts.join(",")}]` : answer;
  };
}

const builtins = (table, names = Object.keys(table)) =>
  Object.fromEntries(names.map((name) => [name, builtin(table[name])]));

const misuses = Object.fromEntries(["traps", "bad", "limits"].map((mode) => [mode, (host) => misuse(host, mode)]));
const modes = { cases, data, soak, speed, ...misuses };

async function cases({ loader, read, folder }) {
  const rows = [];
  for (const row of folder.cases) {
    if (row.builtins.length > 0 && loader.takesNoBuiltins) {
      rows.push({ id: row.id, skipped: "this version takes no builtins" });
      continue;
    }
    try {
      const module = await loader.compile(await read(row.module));
      const policy = await loader.instantiate(module, builtins(folder.builtins, row.builtins));
      policy.setData(row.data);
      const answer = policy.show(policy.evaluate(policy.read(row.input), row.entrypoint));
      rows.push({ id: row.id, answer });
    } catch (error) {
      rows.push({ id: row.id, error: message(error) });
    }
  }
  return { cases: rows };
}

async function open({ loader, read }, { module, data }) {
  const policy = await loader.instantiate(await loader.compile(await read(module)), {});
  if (data !== undefined) policy.setData(data);
  return policy;
}

async function data(host) {
  const { data } = host.folder;
  const replacements = host.count ?? data.replacements;
  const policy = await open(host, { module: data.module });
  const answers = [];
  let tenth = 0;
  for (let count = 1; count <= replacements; count++) {
    policy.setDataText(data.documents[(count - 1) % 2]);
    const result = policy.evaluate(policy.read(data.input), data.entrypoint);
    if (count <= 2) answers.push(policy.show(result));
    if (count === 10) tenth = policy.memory();
  }
  return { data: { answers, replacements, memory: [tenth, policy.memory()] } };
}

async function soak(host) {
  const { soak } = host.folder;
  const evaluations = host.count ?? soak.evaluations;
  const policy = await open(host, soak);
  const input = policy.read(soak.input);
  let before = 0;
  let result;
  for (let count = 1; count <= evaluations; count++) {
    result = policy.evaluate(input, soak.entrypoint);
    if (count === 1000) before = policy.memory();
  }
  return { soak: { answers: [policy.show(result)], evaluations, memory: [before, policy.memory()] } };
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const milliseconds = () => performance.now();

// How long each of some works takes in milliseconds: they take turns, each doing so many in a turn that clocks of a coarse grain show it.
async function medians(works, { turns, turn }) {
  const counts = [];
  for (const work of works) {
    let count = 1;
    for (let spent = 0; spent < turn; count *= spent < turn ? 2 : 1) {
      const start = milliseconds();
      for (let index = 0; index < count; index++) await work();
      spent = milliseconds() - start;
    }
    counts.push(count);
  }
  const times = works.map(() => []);
  for (let round = 0; round < turns; round++) {
    for (const [place, work] of works.entries()) {
      const start = milliseconds();
      for (let index = 0; index < counts[place]; index++) await work();
      times[place].push((milliseconds() - start) / counts[place]);
    }
  }
  return times.map(median);
}

// The same for work that does not wait: `await` alone would take longer than a decision. Engines compile what runs often a second time, beside
// the program, so it runs for a second before.
function synchronous(work, turn) {
  for (const start = milliseconds(); milliseconds() - start < 1000; ) work();
  let count = 1;
  for (let spent = 0; spent < turn; ) {
    const start = milliseconds();
    for (let index = 0; index < count; index++) work();
    spent = milliseconds() - start;
    if (spent < turn) count *= 2;
  }
  return () => {
    const start = milliseconds();
    for (let index = 0; index < count; index++) work();
    return (milliseconds() - start) / count;
  };
}

async function speed(host) {
  const { loader, read, folder } = host;
  const rows = [];
  for (const row of folder.figures) {
    const bytes = [await read(row.module), await read(row.opas)];
    const modules = await Promise.all(bytes.map((bytes) => loader.compile(bytes)));
    const decide = [];
    for (const module of modules) {
      const policy = await loader.instantiate(module, {});
      policy.setData(row.data);
      const input = policy.readText(row.input);
      const answers = [input, policy.read(row.input)].map((input) => policy.show(policy.evaluate(input, row.entrypoint)));
      if (answers[0] !== answers[1]) throw new Error(`${row.id}: ${answers[0]} of the text, and ${answers[1]}`);
      decide.push(synchronous(() => policy.evaluate(input, row.entrypoint), 20));
    }
    const times = decide.map(() => []);
    for (let round = 0; round < 15; round++) decide.forEach((turn, place) => times[place].push(turn()));
    const load = await medians(
      bytes.map((bytes) => async () => loader.instantiate(await loader.compile(bytes), {})),
      { turns: 9, turn: 5 },
    );
    const instantiate = await medians(
      modules.map((module) => () => loader.instantiate(module, {})),
      { turns: 9, turn: 5 },
    );
    const nanoseconds = (times) => times.map((time) => Math.round(time * 1e6));
    rows.push({
      id: row.id,
      decision: nanoseconds(times.map(median)),
      load: nanoseconds(load),
      instantiate: nanoseconds(instantiate),
    });
  }
  return { speed: rows, ...(host.loader.first ? { first: await loader.first(folder.figures[0]) } : {}) };
}

// What loaders and modules do when something is wrong: scripts of calls where the loader is our own, questions where it is an SDK.
async function misuse(host, mode) {
  const { loader, read, folder } = host;
  if (loader.script) {
    const scripts = [];
    for (const script of folder.scripts[mode]) {
      scripts.push({ id: script.id, outcomes: await loader.script(script, await read(script.module), loader) });
    }
    return { scripts };
  }
  const questions = [];
  for (const question of folder.questions[mode]) {
    const ours = await outcomes(host, question, question.module);
    questions.push({ id: question.id, ours, opas: await outcomes(host, question, question.opas) });
  }
  return { questions };
}

async function outcomes({ loader, read }, question, module) {
  if (Object.keys(question.builtins).length > 0 && loader.takesNoBuiltins) return ["this version takes no builtins"];
  let policy;
  try {
    policy = await loader.instantiate(await loader.compile(await read(module)), builtins(question.builtins));
  } catch (error) {
    return [`not loaded: ${message(error)}`];
  }
  return question.steps.map((step) => {
    try {
      if (step.data !== undefined) {
        policy.setData(step.data);
        return "data";
      }
      return policy.show(policy.evaluate(policy.read(step.input), step.entrypoint));
    } catch (error) {
      return `error: ${message(error)}`;
    }
  });
}

// functions/array params
import type { Entrypoints } from "./394.policy.js";
const answer: Entrypoints["ex/arraysrule"]["result"] = [["h","h"],["foo"]];
export {};

// invalidkeyerror/invalid keys
import type { Entrypoints } from "./588.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

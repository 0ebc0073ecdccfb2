// jwtdecodeverify/rs256-missing-aud
import type { Entrypoints } from "./674.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};

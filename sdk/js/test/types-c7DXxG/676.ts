// jwtdecodeverify/rs256-wrong-aud-list
import type { Entrypoints } from "./676.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};

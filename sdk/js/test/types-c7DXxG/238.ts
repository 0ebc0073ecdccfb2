// cryptox509parsecertificaterequest/invalid DER or PEM data, string
import type { Entrypoints } from "./238.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};

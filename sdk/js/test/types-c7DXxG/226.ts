// cryptohmacsha512/crypto.hmac.sha512
import type { Entrypoints } from "./226.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["24257d7210582a65c731ec55159c8184cc24c02489453e58587f71f44c23a2d61b4b72154a89d17b2d49448a8452ea066f4fc56a2bcead45c088572ffccdb3d8"];
const given = {"key":"bar","message":"foo"};
const input: Entrypoints["test/p"]["input"] = given;
export {};

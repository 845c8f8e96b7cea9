// A certified single sign-on provider for tests, on loopback: `node provider.mjs BACK`. It prints its address, and asks
// nobody for a password: who is given as `sub` is signed on. Groups stand in its userinfo, and in no ID token, as the
// specification has it. It stops when its standard input ends.
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const groups = { "z-1": ["coach"], "y-2": ["other"] };
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "coach", client_secret: "a secret that was agreed on", redirect_uris: [process.argv[2]] }],
  claims: { openid: ["sub"], groups: ["groups"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/as/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, groups: groups[sub] }) }),
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid groups");
    await grant.save();
    return grant;
  },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/as/")) return next();
  if (ctx.method === "GET") {
    ctx.body = "Who are you?";
    return;
  }
  let form = "";
  for await (const piece of ctx.req) form += piece;
  const login = { accountId: new URLSearchParams(form).get("sub") };
  await provider.interactionFinished(ctx.req, ctx.res, { login });
});
server.on("request", provider.callback());
console.log(issuer);
process.stdin.resume().on("end", () => process.exit());

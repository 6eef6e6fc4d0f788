import { describe, expect, it } from 'vitest';
import { policyFor } from '../../functions/access/policy.ts';
import { ROUTES } from '../../functions/access/routes.ts';
import { roleIn } from '../../functions/sign-in/roles.ts';
import { oidcSettings, parseSignIn } from '../../lib/sign-in.ts';

const NEEDED = { issuer: 'https://id.example', clientId: 'page', audience: 'cofre' };
const roles = (given: object = {}) => oidcSettings.parse({ ...NEEDED, roles: given }).roles;

describe('the role in a token', () => {
  it.each<[unknown, string | undefined]>([
    [['admin'], 'admin'],
    [['viewer'], 'viewer'],
    [['viewer', 'admin'], 'admin'],
    [['Admin', 'administrators'], undefined],
    ['viewer staff', 'viewer'],
    ['administrator', undefined],
    [[], undefined],
    [undefined, undefined],
    [null, undefined],
    [{ admin: true }, undefined],
    [[['admin']], undefined],
  ])('of groups %j is %s', (groups, role) => {
    expect(roleIn({ groups }, roles())).toBe(role);
  });

  it('may have another name and other values', () => {
    const wanted = roles({ claim: 'https://acme.example/roles', admin: ['dba'], viewer: ['dev', 'ops'] });
    expect(roleIn({ 'https://acme.example/roles': ['dba'] }, wanted)).toBe('admin');
    expect(roleIn({ 'https://acme.example/roles': ['ops'] }, wanted)).toBe('viewer');
    expect(roleIn({ groups: ['dba', 'admin'] }, wanted)).toBeUndefined();
  });

  it('may stand inside another claim, but in no prototype', () => {
    const wanted = roles({ claim: 'realm_access.roles' });
    expect(roleIn({ realm_access: { roles: ['admin'] } }, wanted)).toBe('admin');
    expect(roleIn({ realm_access: 'x' }, wanted)).toBeUndefined();
    expect(roleIn({}, roles({ claim: 'constructor.name', admin: ['Object'] }))).toBeUndefined();
  });

  it('by address counts only when the address is verified', () => {
    const wanted = roles({ claim: 'email', admin: ['ana@acme.example'] });
    expect(roleIn({ email: 'ana@acme.example', email_verified: true }, wanted)).toBe('admin');
    for (const email_verified of [false, 'true', undefined])
      expect(roleIn({ email: 'ana@acme.example', email_verified }, wanted)).toBeUndefined();
  });
});

describe('the settings', () => {
  it.each([
    [{ userPoolId: 'eu-west-1_Ab3', clientId: 'x' }, true],
    [NEEDED, true],
    [{ ...NEEDED, issuer: 'http://127.0.0.1:3000' }, true],
    [{ ...NEEDED, issuer: 'http://id.example' }, false],
    [{ ...NEEDED, issuer: 'http://127.0.0.1.evil.example' }, false],
    [{ ...NEEDED, audience: '' }, false],
    [{ issuer: 'https://id.example', clientId: 'page' }, false],
    [{ userPoolId: 'pool', clientId: 'x' }, false],
    [{ userPoolId: 'eu-west-1_Ab3', clientId: 'x', issuer: 'https://evil.example' }, false],
  ])('%j are right: %s', (given, right) => {
    const parse = () => parseSignIn(JSON.stringify(given));
    if (right) expect(parse()).toMatchObject(given);
    else expect(parse).toThrow();
  });
});

describe('the policy', () => {
  const arn = 'arn:aws:execute-api:eu-west-1:1:api/prod/GET/api/jobs';

  it('denies by name to a viewer whatever an allowed pattern would cover', () => {
    const { Statement } = policyFor('ana', 'viewer', arn).policyDocument;
    const [allow, deny] = Statement as unknown as { Effect: string; Resource: string[] }[];
    expect([allow!.Effect, deny!.Effect]).toEqual(['Allow', 'Deny']);
    expect(allow!.Resource).toContain('arn:aws:execute-api:eu-west-1:1:api/prod/GET/api/backups/*');
    expect(deny!.Resource).toContain(
      'arn:aws:execute-api:eu-west-1:1:api/prod/GET/api/backups/*/download-url',
    );
    expect(allow!.Resource.length + deny!.Resource.length).toBe(ROUTES.length);
  });

  it('denies all without a role', () => {
    const { policyDocument, context } = policyFor('ana', undefined, arn);
    expect(policyDocument.Statement).toEqual([
      {
        Effect: 'Deny',
        Action: 'execute-api:Invoke',
        Resource: ['arn:aws:execute-api:eu-west-1:1:api/prod/*'],
      },
    ]);
    expect(context).toEqual({});
  });
});

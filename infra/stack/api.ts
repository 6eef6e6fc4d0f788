import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  type MethodOptions,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { GATEWAY_RESPONSES } from '../../functions/access/gateway-responses.ts';
import { ROUTES, type Route } from '../../functions/access/routes.ts';
import { bodyModel } from './models.ts';

export const STAGE = 'prod';

/** Requests a second, and at once: far more than people make, far fewer than would cost. */
const RATE = 20;
const BURST = 40;
/** How long a token's verdict is kept: somebody whose role is taken away has it for a minute at most. */
const VERDICT = Duration.seconds(60);

/** For all methods of the API: one each would fill the functions' policies. */
const ONE_PERMISSION = { scopePermissionToMethod: false };

export interface ApiProps {
  readonly name: string;
  readonly logDays: number;
}

export interface ApiFunctions {
  readonly api: IFunction;
  readonly authorizer: IFunction;
  readonly admin: IFunction;
}

/** The REST API and, on the same origin, the admin page. */
export class Api extends Construct {
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, { name, logDays }: ApiProps) {
    super(scope, id);
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/cofre/${name}/api`,
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.rest = new RestApi(this, 'Rest', {
      restApiName: name,
      description: 'Cofre: API and admin page',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: RATE,
        throttlingBurstLimit: BURST,
        accessLogDestination: new LogGroupLogDestination(log),
        accessLogFormat: ACCESS_LOG,
      },
    });
    this.acknowledge();
  }

  /** Apart from the constructor: the functions need the API's address, and its methods need the functions. */
  serve({ api, authorizer, admin }: ApiFunctions): void {
    const options = {
      authorizer: this.makeAuthorizer(authorizer),
      authorizationType: AuthorizationType.CUSTOM,
    };
    const backend = new LambdaIntegration(api, ONE_PERMISSION);
    const root = this.rest.root.addResource('api');
    for (const route of ROUTES.filter(({ local }) => !local)) this.addRoute(root, route, backend, options);
    // Whatever else is asked for below /api gets the API's own 404 or 405.
    acknowledgeTokens(root.addProxy({ anyMethod: false }).addMethod('ANY', backend, options));
    this.addPage(admin);
    this.addResponses();
  }

  /** Public: without a token the page only shows a way to sign in. */
  private addPage(admin: IFunction): void {
    const page = new LambdaIntegration(admin, ONE_PERMISSION);
    const open = { authorizationType: AuthorizationType.NONE };
    const methods = [
      this.rest.root.addMethod('GET', page, open),
      this.rest.root.addProxy({ anyMethod: false }).addMethod('GET', page, open),
    ];
    for (const method of methods) {
      Validations.of(method).acknowledge(
        {
          id: 'AwsSolutions-APIG4',
          reason: 'The page itself is public and holds no data: it signs people in, then asks the API.',
        },
        { id: 'AwsSolutions-COG4', reason: 'As for APIG4: the page signs people in.' },
      );
    }
  }

  /** The gateway itself refuses what is no bearer token, so that junk starts no function. */
  private makeAuthorizer(handler: IFunction): TokenAuthorizer {
    return new TokenAuthorizer(this, 'Authorizer', {
      handler,
      validationRegex: '^Bearer [-_A-Za-z0-9]+\\.[-_A-Za-z0-9]+\\.[-_A-Za-z0-9]+$',
      resultsCacheTtl: VERDICT,
    });
  }

  private addRoute(root: IResource, route: Route, backend: LambdaIntegration, options: MethodOptions): void {
    const method = root.resourceForPath(route.path.slice(1)).addMethod(route.method, backend, {
      ...options,
      operationName: route.operationId,
      ...this.bodyChecks(route),
    });
    acknowledgeTokens(method);
  }

  /** Checked here and again by the function, which the command line and local servers call without a gateway. */
  private bodyChecks(route: Route): Partial<MethodOptions> {
    const schema = bodyModel(route);
    if (!schema) return {};
    const model = this.rest.addModel(`Model-${route.operationId}`, {
      contentType: 'application/json',
      schema,
    });
    const validator = this.rest.addRequestValidator(`Check-${route.operationId}`, {
      validateRequestBody: true,
    });
    return { requestModels: { 'application/json': model }, requestValidator: validator };
  }

  private addResponses(): void {
    for (const { type, status, headers, body } of GATEWAY_RESPONSES) {
      const quoted = Object.entries(headers).map(([name, value]) => [name, `'${value}'`]);
      this.rest.addGatewayResponse(`Says-${type}`, {
        type: ResponseType.of(type),
        statusCode: String(status),
        responseHeaders: Object.fromEntries([...quoted, ['content-type', "'application/problem+json'"]]),
        templates: { 'application/json': body },
      });
    }
  }

  private acknowledge(): void {
    Validations.of(this.rest).acknowledge(
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          'The one that AWS keeps for API Gateway to write logs; it belongs to the account, not to a function.',
      },
      {
        id: 'AwsSolutions-APIG2',
        reason: 'Bodies are checked by models; routes without a body have nothing to check.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'A web ACL costs per month; throttling and the authorizer stand before all data. Yours can be attached.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'Execution logs of the gateway would hold whole requests; access logs and the functions tell what happened.',
      },
    );
  }
}

function acknowledgeTokens(method: Method): void {
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-COG4',
    reason: 'An authorizer of its own checks the tokens, so that any OIDC issuer can stand in for Cognito.',
  });
}

/** The address of the API's stage, without a slash at the end; known before the stage is, which depends on functions. */
export function addressOf(rest: RestApi, emulator: string | undefined): string {
  const host = `https://${rest.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  return emulator === undefined
    ? `${host}/${STAGE}`
    : `${emulator}/restapis/${rest.restApiId}/${STAGE}/_user_request_`;
}

/** Who asked what, and what came of it; neither tokens nor queries. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    request: AccessLogField.contextRequestId(),
    ip: AccessLogField.contextIdentitySourceIp(),
    user: AccessLogField.contextAuthorizerPrincipalId(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    bytes: AccessLogField.contextResponseLength(),
    latencyMs: AccessLogField.contextResponseLatency(),
    error: AccessLogField.contextErrorMessageString(),
  }),
);

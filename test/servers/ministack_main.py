"""MiniStack, with asynchronous invocations of Lambda as AWS makes them.

MiniStack itself knows no destinations of successes, and its rules invoke functions without retries or destinations.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import json
import runpy

from ministack.services import eventbridge, lambda_svc

execute = lambda_svc._execute_function
retry = lambda_svc.invoke_async_with_retry


def invoke_async_with_retry(func, event):
    """Runs as the original does, but watches the attempts for one that succeeds."""
    retry({**func, "_asynchronous": True}, event)


def execute_function(func, event):
    result = execute({**func, "_asynchronous": False}, event)
    if func.get("_asynchronous") and not result.get("error"):
        deliver(func, event, result.get("body"))
    return result


def deliver(func, event, body):
    config = func.get("event_invoke_config") or func.get("event_invoke_configs", {}).get("$LATEST") or {}
    target = config.get("DestinationConfig", {}).get("OnSuccess", {}).get("Destination")
    found = lambda_svc._get_func_record_for_ref(target)[0] if target else None
    if not found:
        return
    record = {
        "requestContext": {"functionArn": func["config"]["FunctionArn"], "condition": "Success"},
        "requestPayload": event,
        "responsePayload": body,
    }
    retry(found, record)


def dispatch_to_lambda(arn, payload):
    func, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if func and config:
        invoke_async_with_retry({**func, "config": config}, json.loads(payload))


eventbridge._dispatch_to_lambda = dispatch_to_lambda
lambda_svc.invoke_async_with_retry = invoke_async_with_retry
lambda_svc._execute_function = execute_function
runpy.run_module("ministack", run_name="__main__")

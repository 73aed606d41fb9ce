//! Repairs of what faces callers: load balancers, Auto Scaling, API Gateway, `CloudFront`: only the calls. What
//! is right and what is wrong is decided in the catalog.

mod auto_scaling_group;
mod distribution;
mod http_listeners;
mod launch_configuration;
mod listener;
mod load_balancer;
mod rest_stage;
mod route;
mod v2_stage;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};

/// What faces callers: load balancers, Auto Scaling, API Gateway, `CloudFront`: wherever the resources are.
#[derive(Debug)]
pub struct Edge {
    apigateway: Clients<aws_sdk_apigateway::Client>,
    apigatewayv2: Clients<aws_sdk_apigatewayv2::Client>,
    autoscaling: Clients<aws_sdk_autoscaling::Client>,
    cloudfront: Clients<aws_sdk_cloudfront::Client>,
    elasticloadbalancingv2: Clients<aws_sdk_elasticloadbalancingv2::Client>,
}

impl Edge {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            apigateway: Clients::later(accounts, "API_GATEWAY", aws_sdk_apigateway::Client::new),
            apigatewayv2: Clients::later(
                accounts,
                "APIGATEWAYV2",
                aws_sdk_apigatewayv2::Client::new,
            ),
            autoscaling: Clients::later(accounts, "AUTO_SCALING", aws_sdk_autoscaling::Client::new),
            cloudfront: Clients::later(accounts, "CLOUDFRONT", aws_sdk_cloudfront::Client::new),
            elasticloadbalancingv2: Clients::later(
                accounts,
                "ELASTIC_LOAD_BALANCING_V2",
                aws_sdk_elasticloadbalancingv2::Client::new,
            ),
        }
    }
}

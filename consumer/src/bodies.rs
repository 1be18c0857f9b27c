//! Bodies, methods and statuses that `pact_consumer`'s request and response builders lack.

use pact_consumer::builders::{HttpPartBuilder, RequestBuilder, ResponseBuilder};
use pact_consumer::patterns::{JsonPattern, Pattern, StringPattern};
use pact_models::HttpStatus;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::matchingrules::{MatchingRule, RuleLogic};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use crate::matchers::regex;

/// What stands between the parts of a multipart body that this crate writes.
const BOUNDARY: &str = "treaty-part-boundary";

/// A part of a multipart body: a form field or a file.
#[derive(Debug, Clone)]
pub struct Part {
    name: String,
    file_name: Option<String>,
    content_type: String,
    content: Vec<u8>,
}

impl Part {
    /// A form field, or a file where [`Part::file_name`] follows. Other content of this type matches too.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        content_type: impl Into<String>,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            name: name.into(),
            file_name: None,
            content_type: content_type.into(),
            content: content.into(),
        }
    }

    /// Makes the part a file of this name.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }
}

/// Bodies of other kinds than JSON and text, for requests and responses.
pub trait BodyExt: HttpPartBuilder {
    /// Bytes: other bytes of the same content type match too, the type told by what is in them.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("a picture", "", |mut i| {
    ///     i.response.binary_body("image/png", *b"\x89PNG\r\n\x1a\n");
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    fn binary_body(&mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.header("Content-Type", content_type);
        let bytes = bytes.into();
        let (body, rules) = self.body_and_matching_rules_mut();
        let kind = ContentType::parse(content_type).ok();
        *body = OptionalBody::Present(bytes.into(), kind, None);
        let rule = MatchingRule::ContentType(content_type.to_owned());
        rules
            .add_category("body")
            .add_rule(DocPath::root(), rule, RuleLogic::And);
        self
    }

    /// XML, and the places where something else than the example will do: `$.user.id` for an element's text
    /// (`['#text']`) or `['@name']` for an attribute.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("a user", "", |mut i| {
    ///     i.response.xml_body("<user id='42'/>", [("$.user['@id']", regex("[0-9]+", "42"))]);
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    ///
    /// # Panics
    /// If a place is not a path.
    fn xml_body<'a, M>(
        &mut self,
        xml: &str,
        matchers: impl IntoIterator<Item = (&'a str, M)>,
    ) -> &mut Self
    where
        M: Into<StringPattern>,
    {
        self.header(
            "Content-Type",
            regex("^(application|text)/xml(;.*)?$", "application/xml"),
        );
        let (body, rules) = self.body_and_matching_rules_mut();
        let kind = ContentType::parse("application/xml").ok();
        *body = OptionalBody::Present(xml.to_owned().into(), kind, None);
        for (place, matcher) in matchers {
            let Ok(path) = DocPath::new(place) else {
                panic!("{place:?} is not a path into XML, such as `$.user['@id']`");
            };
            matcher
                .into()
                .extract_matching_rules(path, rules.add_category("body"));
        }
        self
    }

    /// An HTML form, `name=Jane&born=1999`.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("a sign-up", "", |mut i| {
    ///     i.request.post().form_body([("name", regex(".+", "Jane")), ("born", regex("[0-9]{4}", "1999"))]);
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    fn form_body<'a, M>(&mut self, fields: impl IntoIterator<Item = (&'a str, M)>) -> &mut Self
    where
        M: Into<StringPattern>,
    {
        const FORM: &str = "application/x-www-form-urlencoded";
        self.header("Content-Type", regex(format!("^{FORM}(;.*)?$"), FORM));
        let (body, rules) = self.body_and_matching_rules_mut();
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            let value = value.into();
            text.append_pair(name, &value.to_example());
            let mut path = DocPath::root();
            path.push_field(name);
            value.extract_matching_rules(path, rules.add_category("body"));
        }
        *body = OptionalBody::Present(text.finish().into(), ContentType::parse(FORM).ok(), None);
        self
    }

    /// Several parts, such as an upload: each part's content may differ, its type may not.
    ///
    /// ```
    /// use treaty_consumer::bodies::Part;
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("an upload", "", |mut i| {
    ///     i.request.post().multipart_body([Part::new("file", "text/plain", "hello").file_name("a.txt")]);
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    fn multipart_body(&mut self, parts: impl IntoIterator<Item = Part>) -> &mut Self {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let any_boundary = r"^multipart/form-data;(\s*charset=[^;]*;)?\s*boundary=.+$";
        self.header("Content-Type", regex(any_boundary, kind.as_str()));
        let (body, rules) = self.body_and_matching_rules_mut();
        let mut bytes = Vec::new();
        for part in parts {
            let mut path = DocPath::root();
            path.push_field(part.name.clone());
            let rule = MatchingRule::ContentType(part.content_type.clone());
            rules
                .add_category("body")
                .add_rule(path, rule, RuleLogic::And);
            append(&mut bytes, &part);
        }
        bytes.extend(format!("--{BOUNDARY}--\r\n").bytes());
        *body = OptionalBody::Present(bytes.into(), ContentType::parse(kind.as_str()).ok(), None);
        self
    }
}

impl<B: HttpPartBuilder> BodyExt for B {}

fn append(bytes: &mut Vec<u8>, part: &Part) {
    let file_name = part
        .file_name
        .as_ref()
        .map(|name| format!("; filename=\"{name}\""));
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"{}\r\nContent-Type: {}\r\n\r\n",
        part.name,
        file_name.unwrap_or_default(),
        part.content_type,
    );
    bytes.extend(head.bytes());
    bytes.extend(&part.content);
    bytes.extend(b"\r\n");
}

/// Methods and bodies of requests.
pub trait RequestExt {
    /// Sets the method to `PATCH`.
    fn patch(&mut self) -> &mut Self;

    /// Sets the method to `HEAD`.
    fn head(&mut self) -> &mut Self;

    /// Sets the method to `OPTIONS`.
    fn options(&mut self) -> &mut Self;

    /// A GraphQL request: the query matches whatever its white space, the variables as their pattern says.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("a user's name", "", |mut i| {
    ///     i.request.graphql("query User($id: ID!) { user(id: $id) { name } }", json_pattern!({ "id": like!("42") }));
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    fn graphql(&mut self, query: &str, variables: impl Into<JsonPattern>) -> &mut Self;
}

impl RequestExt for RequestBuilder {
    fn patch(&mut self) -> &mut Self {
        self.method("PATCH")
    }

    fn head(&mut self) -> &mut Self {
        self.method("HEAD")
    }

    fn options(&mut self) -> &mut Self {
        self.method("OPTIONS")
    }

    fn graphql(&mut self, query: &str, variables: impl Into<JsonPattern>) -> &mut Self {
        let query = regex(graphql_pattern(query), query);
        let mut members = std::collections::HashMap::from([("query".to_owned(), query.into())]);
        let variables = variables.into();
        if !matches!(&variables, JsonPattern::Json(Value::Null)) {
            members.insert("variables".to_owned(), variables);
        }
        let kind = regex(
            "^application/(json|graphql-response\\+json)(;.*)?$",
            "application/json",
        );
        self.post()
            .header("Content-Type", kind)
            .json_body(JsonPattern::Object(members))
    }
}

/// A regular expression for a GraphQL document that differs from this one in white space and commas only, which mean
/// nothing in GraphQL but between two words.
fn graphql_pattern(query: &str) -> String {
    let mut pattern = String::from(r"^[\s,]*");
    let mut gap = false;
    let mut last_is_word = false;
    for c in query.trim().chars() {
        if c.is_whitespace() || c == ',' {
            gap = true;
            continue;
        }
        let is_word = c.is_alphanumeric() || c == '_';
        match (last_is_word && is_word, gap) {
            (true, true) => pattern.push_str(r"[\s,]+"),
            (true, false) => {}
            (false, _) => pattern.push_str(r"[\s,]*"),
        }
        if !is_word {
            pattern.push('\\');
        }
        pattern.push(c);
        (gap, last_is_word) = (false, is_word);
    }
    pattern + r"[\s,]*$"
}

/// Statuses of responses.
pub trait ResponseExt {
    /// Any status of a class will do; the mock server answers with the one that was set, or else the first of the class.
    ///
    /// ```
    /// use pact_models::HttpStatus;
    /// use treaty_consumer::prelude::*;
    ///
    /// let builder = PactBuilder::new_v4("A", "B").interaction("a ping", "", |mut i| {
    ///     i.response.status_class(HttpStatus::Success);
    ///     i
    /// }).clone();
    /// # assert!(builder.build().is_v4());
    /// ```
    fn status_class(&mut self, class: HttpStatus) -> &mut Self;
}

impl ResponseExt for ResponseBuilder {
    fn status_class(&mut self, class: HttpStatus) -> &mut Self {
        let example = match &class {
            HttpStatus::Information => 100,
            HttpStatus::Redirect => 302,
            HttpStatus::ClientError | HttpStatus::Error => 400,
            HttpStatus::ServerError => 500,
            HttpStatus::StatusCodes(codes) => codes.first().copied().unwrap_or(200),
            HttpStatus::Success | HttpStatus::NonError => 200,
        };
        self.status(example);
        let (_, rules) = self.body_and_matching_rules_mut();
        let rule = MatchingRule::StatusCode(class);
        rules
            .add_category("status")
            .add_rule(DocPath::empty(), rule, RuleLogic::And);
        self
    }
}

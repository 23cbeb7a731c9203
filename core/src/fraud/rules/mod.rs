//! The rules, a file each.

mod duplicate_device;
mod duplicate_ip;
mod duplicate_upi;
mod instant_buyers;
mod low_conversion;
mod one_payer;
mod rapid_signups;
mod refund_after_release;
mod reuse;
mod reused_screenshot;
mod reused_utr;
mod ring;
mod self_referral;
mod shared;

use super::rule::Rule;

/// All of them.
pub(super) const ALL: [&dyn Rule; 12] = [
    &duplicate_upi::DuplicateUpi,
    &duplicate_device::DuplicateDevice,
    &duplicate_ip::DuplicateIp,
    &self_referral::SelfReferral,
    &one_payer::OnePayer,
    &ring::Ring,
    &reused_utr::ReusedUtr,
    &reused_screenshot::ReusedScreenshot,
    &refund_after_release::RefundAfterRelease,
    &rapid_signups::RapidSignups,
    &instant_buyers::InstantBuyers,
    &low_conversion::LowConversion,
];
